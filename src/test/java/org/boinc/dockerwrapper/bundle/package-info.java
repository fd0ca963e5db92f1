/**
 * The stubs of the bundle, with a stand-in for java: on each platform's own system, or on what runs
 * its programs here. The image itself is tried by {@code it.BundleIT}.
 */
@NullMarked
package org.boinc.dockerwrapper.bundle;

import org.jspecify.annotations.NullMarked;
