/**
 * Negative controls for "replay equals live": small topologies of a shop, each broken in a way of its own, and beside it one that is
 * right. {@link org.example.shop.Controls} lists them with what catches each. What is tagged is printed in docs/replay-rules.md.
 */
package org.example.shop;
