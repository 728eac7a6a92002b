/**
 * Exchanges the roles of two generations, so that consumers see corrections and nothing else.
 *
 * <p>Reading order: {@code Exchange} is the whole of it, from the first cut to the transaction. {@code PairReader} reads what both have written;
 * {@code FormerShadows} makes the generation that served go on complete. {@code SyncPoints} is what lets a rollback begin where both last
 * agreed, and {@code Exchanged} what comes out.
 */
@NullMarked
package io.kappamesh.exchange;

import org.jspecify.annotations.NullMarked;
