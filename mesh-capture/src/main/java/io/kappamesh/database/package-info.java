/**
 * What capturing asks of PostgreSQL.
 *
 * <p>Reading order: a {@code DatabaseAddress} is where the database is; {@code DatabaseCheck} looks at server, role, table and publication, and names
 * everything that is wrong with the SQL that mends it; what it finds is a {@code CapturedTable}. {@code Slots} are the replication slots of a port.
 */
@Internal
@NullMarked
package io.kappamesh.database;

import io.kappamesh.Internal;
import org.jspecify.annotations.NullMarked;
