/**
 * TPC-H as the private event streams of the worked domains, and its published answers as the judge of what became of them.
 *
 * <p>Read {@link io.kappamesh.tpch.TpchEvents} first: it is what goes in. {@link io.kappamesh.tpch.QueryAnswers} takes what
 * came out, the rows of {@code logistics.shipments.v1}, and {@link io.kappamesh.tpch.PublishedAnswers} is what should have.
 * Nothing here knows Kafka.
 */
@NullMarked
package io.kappamesh.tpch;

import org.jspecify.annotations.NullMarked;
