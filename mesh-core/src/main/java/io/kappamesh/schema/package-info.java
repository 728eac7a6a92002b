/**
 * What two schemas may not differ in, if data of one shall be read with the other: {@link io.kappamesh.schema.SchemaRule} has the names, {@link
 * io.kappamesh.schema.SchemaGap} is one place where a rule does not hold.
 */
@Internal
@NullMarked
package io.kappamesh.schema;

import io.kappamesh.Internal;
import org.jspecify.annotations.NullMarked;
