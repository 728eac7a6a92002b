package io.kappamesh.tpch;

import io.trino.tpch.Customer;
import io.trino.tpch.LineItem;
import io.trino.tpch.Nation;
import io.trino.tpch.Order;
import io.trino.tpch.Part;
import io.trino.tpch.Region;
import io.trino.tpch.Supplier;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The generator's own rows in an SQL database in memory: a judge that shares no code with the products or with
 * {@link QueryAnswers}. The texts of the TPC-H queries come from the generator's jar.
 *
 * <p>Not thread-safe. Closing it drops the data.
 */
public final class TpchDatabase implements AutoCloseable {

    private static final int BATCH = 2_000;

    private final Connection connection;

    private TpchDatabase(Connection connection) {
        this.connection = connection;
    }

    /**
     * Loads orders and their lines, and of customers the segment, at a TPC-H scale: what {@link QueryAnswers#queries()} ask for. 0.1 is
     * 600,000 lines and takes some seconds.
     */
    public static TpchDatabase atScale(double scale) {
        return load(scale, database -> {
            Generator generator = new Generator(scale);
            database.loadSegments(generator);
            database.loadTrade(generator);
        });
    }

    /**
     * Loads all columns of customers, and suppliers, parts, nations and regions too: what all queries ask for. TPC-H's comments of customers
     * take 300 MB and some seconds more, before anything else is in memory.
     */
    public static TpchDatabase withMasterData(double scale) {
        return load(scale, database -> {
            Generator generator = new Generator(scale);
            database.loadMasterData(generator);
            database.loadTrade(generator);
        });
    }

    private interface Loading {
        void into(TpchDatabase database) throws SQLException;
    }

    private static TpchDatabase load(double scale, Loading loading) {
        try {
            TpchDatabase database = new TpchDatabase(DriverManager.getConnection("jdbc:h2:mem:"));
            loading.into(database);
            database.execute("analyze");
            return database;
        } catch (SQLException e) {
            throw new IllegalStateException("cannot load TPC-H at scale " + scale, e);
        }
    }

    /** What a TPC-H query returns, rounded as the {@linkplain PublishedAnswers published answers} are. */
    public Answer answer(TpchQuery query) {
        Answer exact = query(query.keys(), query.measures(), query.columns(), text(query));
        List<Answer.Row> rows = exact.rows().stream()
                .map(row -> new Answer.Row(row.key(), asPublished(exact.measures(), row.measures())))
                .toList();
        return new Answer(exact.keys(), exact.measures(), rows);
    }

    /** What {@code sales.daily-revenue.v1} must hold: orders, lines, gross, discounted, withTax per orderDate and marketSegment. */
    public Answer dailyRevenue() {
        return query(
                List.of("orderDate", "marketSegment"),
                List.of("orders", "lines", "gross", "discounted", "withTax"),
                """
                select cast(o_orderdate as varchar), c_mktsegment, count(distinct o_orderkey), count(*),
                  sum(l_extendedprice),
                  sum(l_extendedprice * (1 - l_discount)),
                  sum(l_extendedprice * (1 - l_discount) * (1 + l_tax))
                from lineitem join orders on o_orderkey = l_orderkey join customer on c_custkey = o_custkey
                group by o_orderdate, c_mktsegment
                """);
    }

    /**
     * What {@code logistics.delivery-performance.v1} must hold: delivered and late per shipMode, orderPriority and
     * receiptMonth, the month as {@code YYYY-MM}.
     */
    public Answer deliveryPerformance() {
        return query(List.of("shipMode", "orderPriority", "receiptMonth"), List.of("delivered", "late"), """
                select l_shipmode, o_orderpriority, substring(cast(l_receiptdate as varchar), 1, 7) as receipt_month,
                  count(*), count(*) filter (where l_receiptdate > l_commitdate)
                from lineitem join orders on o_orderkey = l_orderkey
                group by l_shipmode, o_orderpriority, receipt_month
                """);
    }

    /**
     * The rows of any query over what was loaded, under TPC-H's names: first the key columns, as texts, then
     * the measures, as numbers.
     */
    public Answer query(List<String> keys, List<String> measures, String sql) {
        return query(
                keys, measures, Stream.of(keys, measures).flatMap(List::stream).toList(), sql);
    }

    private Answer query(List<String> keys, List<String> measures, List<String> columns, String sql) {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            List<Answer.Row> rows = new ArrayList<>();
            while (result.next()) {
                List<String> key = new ArrayList<>();
                for (String column : keys) {
                    key.add(result.getString(columns.indexOf(column) + 1));
                }
                List<BigDecimal> numbers = new ArrayList<>();
                for (String column : measures) {
                    numbers.add(result.getBigDecimal(columns.indexOf(column) + 1));
                }
                rows.add(new Answer.Row(key, numbers));
            }
            return new Answer(keys, measures, rows);
        } catch (SQLException e) {
            throw new IllegalStateException("cannot run: " + sql, e);
        }
    }

    /** Changes the rows, as a product that computes something else would have it. */
    public void change(String sql) {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        } catch (SQLException e) {
            throw new IllegalStateException("cannot run: " + sql, e);
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new IllegalStateException("cannot close the TPC-H database", e);
        }
    }

    private static List<BigDecimal> asPublished(List<String> measures, List<BigDecimal> exact) {
        return IntStream.range(0, exact.size())
                .mapToObj(i -> TpchQuery.asPublished(measures.get(i), exact.get(i)))
                .toList();
    }

    private static String text(TpchQuery query) {
        String resource = "/io/trino/tpch/queries/q%d.sql".formatted(query.number());
        try (InputStream in = TpchDatabase.class.getResourceAsStream(resource)) {
            // H2 knows decimal literals without the word only.
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).replaceAll("decimal '([0-9.]+)'", "$1");
        } catch (IOException e) {
            throw new IllegalStateException("cannot read " + resource, e);
        }
    }

    private void loadSegments(Generator generator) throws SQLException {
        execute("create table customer (c_custkey bigint primary key, c_mktsegment varchar)");
        insert("customer", 2, generator.customers(), customer ->
                new Object[] {customer.getCustomerKey(), customer.getMarketSegment()});
    }

    private void loadMasterData(Generator generator) throws SQLException {
        execute(
                "create table customer (c_custkey bigint primary key, c_name varchar, c_address varchar, c_nationkey int,"
                        + " c_phone varchar, c_acctbal decimal(15,2), c_mktsegment varchar, c_comment varchar)");
        execute("create table supplier (s_suppkey int primary key, s_nationkey int)");
        execute("create table part (p_partkey int primary key, p_type varchar)");
        execute("create table nation (n_nationkey int primary key, n_name varchar, n_regionkey int)");
        execute("create table region (r_regionkey int primary key, r_name varchar)");
        insert("customer", 8, generator.customersWithComments(), TpchDatabase::cells);
        insert("supplier", 2, generator.suppliers(), TpchDatabase::cells);
        insert("part", 2, generator.parts(), TpchDatabase::cells);
        insert("nation", 3, generator.nations(), TpchDatabase::cells);
        insert("region", 2, generator.regions(), TpchDatabase::cells);
    }

    private void loadTrade(Generator generator) throws SQLException {
        execute("create table orders (o_orderkey bigint primary key, o_custkey bigint, o_orderdate date,"
                + " o_orderpriority varchar, o_shippriority int)");
        execute("create table lineitem (l_orderkey bigint, l_linenumber int, l_partkey int, l_suppkey int,"
                + " l_quantity decimal(15,2), l_extendedprice decimal(15,2), l_discount decimal(15,2), l_tax decimal(15,2),"
                + " l_returnflag varchar, l_linestatus varchar, l_shipdate date, l_commitdate date, l_receiptdate date,"
                + " l_shipmode varchar, primary key (l_orderkey, l_linenumber))");
        insert("orders", 5, generator.orders(), TpchDatabase::cells);
        insert("lineitem", 14, generator.lines(), TpchDatabase::cells);
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private <T> void insert(String table, int columns, Iterable<T> rows, Function<T, Object[]> cells)
            throws SQLException {
        String marks = "?, ".repeat(columns - 1) + "?";
        try (PreparedStatement insert =
                connection.prepareStatement("insert into " + table + " values (" + marks + ")")) {
            int waiting = 0;
            for (T row : rows) {
                Object[] values = cells.apply(row);
                for (int i = 0; i < columns; i++) {
                    insert.setObject(i + 1, values[i]);
                }
                insert.addBatch();
                if (++waiting == BATCH) {
                    insert.executeBatch();
                    waiting = 0;
                }
            }
            insert.executeBatch();
        }
    }

    private static Object[] cells(Customer customer) {
        return new Object[] {
            customer.getCustomerKey(),
            customer.getName(),
            customer.getAddress(),
            customer.getNationKey(),
            customer.getPhone(),
            BigDecimal.valueOf(customer.getAccountBalanceInCents(), 2),
            customer.getMarketSegment(),
            customer.getComment()
        };
    }

    private static Object[] cells(Supplier supplier) {
        return new Object[] {supplier.getSupplierKey(), supplier.getNationKey()};
    }

    private static Object[] cells(Part part) {
        return new Object[] {part.getPartKey(), part.getType()};
    }

    private static Object[] cells(Nation nation) {
        return new Object[] {nation.getNationKey(), nation.getName(), nation.getRegionKey()};
    }

    private static Object[] cells(Region region) {
        return new Object[] {region.getRegionKey(), region.getName()};
    }

    private static Object[] cells(Order order) {
        return new Object[] {
            order.getOrderKey(),
            order.getCustomerKey(),
            date(order.getOrderDate()),
            order.getOrderPriority(),
            order.getShipPriority()
        };
    }

    private static Object[] cells(LineItem line) {
        return new Object[] {
            line.getOrderKey(),
            line.getLineNumber(),
            line.getPartKey(),
            line.getSupplierKey(),
            BigDecimal.valueOf(line.getQuantity()),
            BigDecimal.valueOf(line.getExtendedPriceInCents(), 2),
            BigDecimal.valueOf(line.getDiscountPercent(), 2),
            BigDecimal.valueOf(line.getTaxPercent(), 2),
            line.getReturnFlag(),
            line.getStatus(),
            date(line.getShipDate()),
            date(line.getCommitDate()),
            date(line.getReceiptDate()),
            line.getShipMode()
        };
    }

    private static LocalDate date(int epochDay) {
        return LocalDate.ofEpochDay(epochDay);
    }
}
