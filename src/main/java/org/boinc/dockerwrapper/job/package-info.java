@NullMarked
package org.boinc.dockerwrapper.job;

import org.jspecify.annotations.NullMarked;
