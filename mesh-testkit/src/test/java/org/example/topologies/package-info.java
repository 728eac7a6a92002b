/** The examples of docs/topologies.md. */
package org.example.topologies;
