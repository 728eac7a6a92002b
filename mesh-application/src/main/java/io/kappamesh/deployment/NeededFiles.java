package io.kappamesh.deployment;

import io.kappamesh.catalog.InputDescription;
import io.kappamesh.catalog.ProductDescription;
import io.kappamesh.contract.PortAddress;
import io.kappamesh.contract.ProductName;
import io.kappamesh.evolution.ContractFiles;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Files of what products of other domains need of a domain's ports, a file for each product. Not thread-safe. */
final class NeededFiles {
    private final String domain;
    private final ContractFiles files;
    private final Consumer<String> says;
    private final Consumer<String> warns;

    /**
     * @param domain whose ports are read
     * @param says what was done to which file
     * @param warns what was not done
     */
    NeededFiles(String domain, ContractFiles files, Consumer<String> says, Consumer<String> warns) {
        this.domain = domain;
        this.files = files;
        this.says = says;
        this.warns = warns;
    }

    /**
     * Writes what is needed now, and removes what is not needed any more.
     *
     * @param products all that can be seen
     * @param isIncomplete whether there may be others, so that nothing is removed
     * @return whether any reads the domain's ports
     */
    boolean update(Collection<ProductDescription> products, boolean isIncomplete) {
        Map<String, ContractFiles.Needs> all = new TreeMap<>();
        products.stream()
                .filter(product -> !product.name().domain().equals(domain))
                .filter(product -> reads(ContractFiles.Needs.of(product)))
                .forEach(product -> all.put(product.product(), kept(product)));
        all.values().forEach(needs -> {
            boolean isNews = !files.isKept(needs);
            if (isNews) {
                files.keep(needs);
            }
            says.accept(needs.product() + (isNews ? "  written" : "  as it was"));
        });
        forget(all.keySet(), isIncomplete);
        return !all.isEmpty();
    }

    /** What products do not need any more would keep the build from changing it. */
    private void forget(Set<String> readers, boolean isIncomplete) {
        for (ContractFiles.Needs needs : files.needs()) {
            boolean isOver = !readers.contains(needs.product())
                    && !ProductName.of(needs.product()).domain().equals(domain)
                    && reads(needs);
            if (isOver && isIncomplete) {
                warns.accept(needs.product()
                        + ": is kept, although nothing is seen of it: not every catalogue could be read");
            } else if (isOver) {
                List<InputDescription> others =
                        needs.inputs().stream().filter(input -> !isOwn(input)).toList();
                files.keep(new ContractFiles.Needs(needs.product(), others));
                says.accept(needs.product() + "  removed: it reads no port of " + domain + " any more");
            }
        }
    }

    /** In a directory that several domains share, a file also has what its product needs of the others. */
    private ContractFiles.Needs kept(ProductDescription product) {
        ContractFiles.Needs all = ContractFiles.Needs.of(product);
        boolean isShared = files.needs(product.product())
                .filter(needs -> !needs.inputs().stream().allMatch(this::isOwn))
                .isPresent();
        return isShared
                ? all
                : new ContractFiles.Needs(
                        all.product(), all.inputs().stream().filter(this::isOwn).toList());
    }

    private boolean reads(ContractFiles.Needs needs) {
        return needs.inputs().stream().anyMatch(this::isOwn);
    }

    private boolean isOwn(InputDescription input) {
        return PortAddress.of(input.address()).domain().equals(domain);
    }
}
