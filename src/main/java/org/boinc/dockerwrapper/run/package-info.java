@NullMarked
package org.boinc.dockerwrapper.run;

import org.jspecify.annotations.NullMarked;
