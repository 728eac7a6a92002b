/**
 * What products say of themselves in the catalogue of their domain, so that strangers find them: see {@code docs/adr/0035}.
 *
 * <p>Reading order: {@link io.kappamesh.catalog.ProductDescription} is what a product is, {@link io.kappamesh.catalog.ProcessState} what one
 * process runs of it. {@code CatalogRecords} is the form in which both stand in the {@link io.kappamesh.catalog.CatalogTopic}. {@code
 * Announcements} decides what is to be written and when, {@link io.kappamesh.catalog.CatalogPublisher} writes it, {@link
 * io.kappamesh.catalog.CatalogSnapshot} reads it. {@link io.kappamesh.catalog.MeasuredLevels} is what a process has counted of levels of service. {@link io.kappamesh.catalog.FieldMeaning} and {@link io.kappamesh.catalog.Classification}
 * are what a schema says of its fields.
 */
@Internal
@NullMarked
package io.kappamesh.catalog;

import io.kappamesh.Internal;
import org.jspecify.annotations.NullMarked;
