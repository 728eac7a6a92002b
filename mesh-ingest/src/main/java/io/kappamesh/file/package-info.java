/**
 * Files of archives and their bytes, which are unpacked, counted and digested as they are read.
 *
 * <p>Reading order: an {@code ArchiveFile} is one of them, a {@code FileStamp} says whether one is still the same, and {@code Unpacked} reads it. {@code CountedInput} and {@code HashedInput} see its
 * bytes as they are on disk, and {@code GzipMembers} unpacks gzip.
 */
@Internal
@NullMarked
package io.kappamesh.file;

import io.kappamesh.Internal;
import org.jspecify.annotations.NullMarked;
