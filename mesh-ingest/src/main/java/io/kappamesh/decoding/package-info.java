/**
 * Rows that are cut out of a file, decoded in other threads ahead of whoever asks for them. It knows neither files nor formats.
 *
 * <p>Reading order: {@link io.kappamesh.decoding.DecodedRows} has {@code RowPiece}s in their order.
 */
@NullMarked
package io.kappamesh.decoding;

import org.jspecify.annotations.NullMarked;
