package io.kappamesh.observe;

import java.util.List;

/**
 * Whether the products of a process are well, for probes. A value.
 *
 * @param products all that run here, and the serving generations that run elsewhere
 */
public record Health(List<ProductStatus> products) {
    public Health {
        products = List.copyOf(products);
    }

    public static Health of(List<ProductStatus> products) {
        return new Health(products);
    }

    /** False once a product that consumers depend on has failed for good: only a new process can help. */
    public boolean isLive() {
        return depended().stream().noneMatch(product -> product.state() == ProductState.FAILED);
    }

    /** Whether the serving generation of every product is worked on, in this process or in another one. */
    public boolean isReady() {
        return !products.isEmpty()
                && depended().stream().allMatch(product -> product.state().isReady());
    }

    /**
     * A candidate that replays beside the serving generation keeps nobody waiting; where there are only candidates, they are what is
     * asked about. A product that has ended here in order is not asked about.
     */
    private List<ProductStatus> depended() {
        List<ProductStatus> going = products.stream()
                .filter(one -> one.state() != ProductState.ENDED)
                .toList();
        List<ProductStatus> serving =
                going.stream().filter(ProductStatus::isServing).toList();
        return serving.isEmpty() ? going : serving;
    }
}
