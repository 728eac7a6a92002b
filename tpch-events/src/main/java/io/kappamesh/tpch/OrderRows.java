package io.kappamesh.tpch;

import io.trino.tpch.Order;
import java.util.Arrays;

/** The orders, by ascending key. Days are days since the epoch. */
final class OrderRows {

    private final Texts priorityTexts = new Texts();
    private int size;
    private long[] keys = new long[1024];
    private int[] customerKeys = new int[1024];
    private short[] days = new short[1024];
    private byte[] priorities = new byte[1024];
    private byte[] shipPriorities = new byte[1024];

    private OrderRows() {}

    static OrderRows of(Generator generator) {
        OrderRows rows = new OrderRows();
        generator.orders().forEach(rows::add);
        return rows;
    }

    int size() {
        return size;
    }

    long key(int row) {
        return keys[row];
    }

    int customerKey(int row) {
        return customerKeys[row];
    }

    int day(int row) {
        return days[row];
    }

    String priority(int row) {
        return priorityTexts.text(priorities[row]);
    }

    int shipPriority(int row) {
        return shipPriorities[row];
    }

    private void add(Order order) {
        if (size == keys.length) {
            grow(size + size / 2);
        }
        keys[size] = order.getOrderKey();
        customerKeys[size] = Math.toIntExact(order.getCustomerKey());
        days[size] = (short) order.getOrderDate();
        priorities[size] = priorityTexts.code(order.getOrderPriority());
        shipPriorities[size] = (byte) order.getShipPriority();
        size++;
    }

    private void grow(int capacity) {
        keys = Arrays.copyOf(keys, capacity);
        customerKeys = Arrays.copyOf(customerKeys, capacity);
        days = Arrays.copyOf(days, capacity);
        priorities = Arrays.copyOf(priorities, capacity);
        shipPriorities = Arrays.copyOf(shipPriorities, capacity);
    }
}
