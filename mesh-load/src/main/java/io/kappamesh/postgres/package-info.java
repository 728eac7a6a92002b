/**
 * PostgreSQL as the loader needs it.
 *
 * <p>Reading order: {@code Target} says where the database is, and a {@code Session} is a connection to it. {@code LoadStates} keeps for each
 * port whose loader may write ({@code Claim}) and up to where its table was loaded ({@code LoadState}), and which child tables it has ({@code LoadedChild}). {@code BatchWriter} writes
 * a {@code Batch} and its positions in one transaction, in a {@code WriterThread}, and an {@code ElementWriter} the rows of a child table. {@code DatabaseFault} says which faults are waited for and
 * what to do about the others.
 */
@Internal
@NullMarked
package io.kappamesh.postgres;

import io.kappamesh.Internal;
import org.jspecify.annotations.NullMarked;
