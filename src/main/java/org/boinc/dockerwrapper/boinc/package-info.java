@NullMarked
package org.boinc.dockerwrapper.boinc;

import org.jspecify.annotations.NullMarked;
