@NullMarked
package org.boinc.dockerwrapper.engine;

import org.jspecify.annotations.NullMarked;
