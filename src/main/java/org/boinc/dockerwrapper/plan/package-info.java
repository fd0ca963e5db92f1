@NullMarked
package org.boinc.dockerwrapper.plan;

import org.jspecify.annotations.NullMarked;
