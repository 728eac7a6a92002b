/** What runs of products have done, for lineage services: {@link io.kappamesh.runs.LineageEvents}, in the form of OpenLineage. */
@Internal
@NullMarked
package io.kappamesh.runs;

import io.kappamesh.Internal;
import org.jspecify.annotations.NullMarked;
