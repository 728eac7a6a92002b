/** What a port promises, in the words of the Open Data Contract Standard: {@link io.kappamesh.promise.Promises}. */
@Internal
@NullMarked
package io.kappamesh.promise;

import io.kappamesh.Internal;
import org.jspecify.annotations.NullMarked;
