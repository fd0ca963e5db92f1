@NullMarked
package org.boinc.dockerwrapper.simulate;

import org.jspecify.annotations.NullMarked;
