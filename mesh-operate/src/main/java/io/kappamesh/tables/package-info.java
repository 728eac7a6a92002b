/**
 * Topics as sorted tables on local disk. Memory does not grow with the number of keys.
 *
 * <p>Reading order: {@code LatestRecords} reads topics up to given ends ({@code TopicReader}) and keeps the latest record of each key
 * ({@code TopicTables}, {@code DiskTables}); a {@code PairVisitor} is given what two topics have of one key.
 */
@Internal
@NullMarked
package io.kappamesh.tables;

import io.kappamesh.Internal;
import org.jspecify.annotations.NullMarked;
