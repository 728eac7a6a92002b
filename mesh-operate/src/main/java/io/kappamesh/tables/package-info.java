/**
 * Topics as sorted tables on local disk. Memory does not grow with the number of keys.
 *
 * <p>Reading order: {@code LatestRecords} has several {@code Shard}s work at once ({@code AtOnce}), each of which reads some partitions of
 * topics up to given ends ({@code TopicReader}) and keeps the latest record of each key ({@code TopicTables}, {@code DiskTables}); a {@code PairVisitor} is given what two topics have of one key.
 */
@Internal
@NullMarked
package io.kappamesh.tables;

import io.kappamesh.Internal;
import org.jspecify.annotations.NullMarked;
