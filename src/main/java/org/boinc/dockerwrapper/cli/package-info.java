@NullMarked
package org.boinc.dockerwrapper.cli;

import org.jspecify.annotations.NullMarked;
