package io.kappamesh.lint;

import io.kappamesh.Internal;
import io.kappamesh.lint.CodeMethod.Step;
import io.kappamesh.lint.WiringCodecs.Wiring;
import io.kappamesh.topology.StreamingProduct;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The product's own methods that its topology can run: the wiring, what it calls, the functions it makes, and of each class that it
 * makes an object of every method that the outside could call. Static initializers count with the first use of their class. Of objects
 * that were made before the wiring, the methods that it calls. Not thread-safe.
 */
@Internal
public final class ReachableCode {

    /** A method that can run, the file with its source, and the path from the wiring to it, as places. */
    public record Reached(CodeMethod method, CodeClass file, List<String> path) {}

    private final ProductClasses classes;
    private final String host;
    private final Set<String> captured;
    private final Map<CodeMethod, @Nullable CodeMethod> callers = new LinkedHashMap<>();
    private final Deque<CodeMethod> ahead = new ArrayDeque<>();
    private final Set<String> initialized = new HashSet<>();
    private final Set<String> made = new HashSet<>();

    private ReachableCode(ProductClasses classes, String host, Set<String> captured) {
        this.classes = classes;
        this.host = host;
        this.captured = captured;
    }

    /**
     * @param wiring the outermost method
     * @param product what is wired; its ports may convert values
     */
    public static ReachableCode from(Wiring wiring, StreamingProduct product) {
        ProductClasses classes = ProductClasses.around(wiring.host());
        String host = wiring.host().getName().replace('.', '/');
        ReachableCode code = new ReachableCode(classes, host, CapturedClasses.types(product.topology(), classes));
        code.classes
                .find(host)
                .ifPresent(found ->
                        found.method(wiring.method(), wiring.descriptor()).ifPresent(root -> code.follow(found, root)));
        product.product().outputs().forEach(output -> output.conversion().forEach(code::follow));
        while (!code.ahead.isEmpty()) {
            CodeMethod method = code.ahead.remove();
            method.steps().forEach(step -> code.follow(step, method));
        }
        return code;
    }

    /** The class that wires, if it is the product's own and could not be read; nothing is reached from it then. */
    Optional<String> unseen() {
        return classes.isOwn(host)
                        && callers.keySet().stream()
                                .noneMatch(method -> method.id().owner().equals(host))
                ? Optional.of(host.substring(host.lastIndexOf('/') + 1).replace('$', '.'))
                : Optional.empty();
    }

    /** All of them, in the order in which they were met. */
    public List<Reached> methods() {
        List<Reached> all = new ArrayList<>();
        callers.keySet()
                .forEach(method -> classes.find(method.id().owner())
                        .ifPresent(file -> all.add(new Reached(method, file, path(method)))));
        return all;
    }

    /** The class outside of the product that a call goes to; empty = it stays inside, and is followed. */
    Optional<String> outside(CodeMethod.Id target) {
        return classes.resolve(target).isPresent() ? Optional.empty() : Optional.of(classes.outside(target.owner()));
    }

    private void follow(CodeClass hosting, CodeMethod root) {
        reach(root, null);
        initialize(host, root);
        if (!root.isStatic()) {
            hosting.methods().stream()
                    .filter(method -> method.id().name().equals(CodeMethod.CONSTRUCTOR))
                    .forEach(constructor -> reach(constructor, null));
        }
    }

    /** Which method a lambda is, it does not tell: ports are declared in static fields, so that the initializer of its class makes it. */
    private void follow(Object function) {
        initialize(function.getClass().getName().replace('.', '/').replaceFirst("\\$\\$Lambda.*", ""), null);
        CapturedClasses.types(function, classes).forEach(type -> make(type, null));
    }

    private void follow(Step step, CodeMethod from) {
        if (step instanceof Step.Call call) {
            CodeMethod.Id target = call.target();
            classes.resolve(target).ifPresent(found -> reach(found, from));
            if (call.isStatic()) {
                initialize(target.owner(), from);
            } else if (target.name().equals(CodeMethod.CONSTRUCTOR)) {
                make(target.owner(), from);
            } else {
                dispatch(target, from);
            }
        } else if (step instanceof Step.StaticRead read) {
            initialize(read.owner(), from);
        }
    }

    /** To what was made before and is of the type that is called. */
    private void dispatch(CodeMethod.Id target, CodeMethod from) {
        captured.stream()
                .filter(type -> classes.withOwnSupertypes(type).contains(target.owner()))
                .flatMap(type -> classes.resolve(new CodeMethod.Id(type, target.name(), target.descriptor())).stream())
                .forEach(found -> reach(found, from));
    }

    private void make(String type, @Nullable CodeMethod from) {
        if (made.add(type)) {
            initialize(type, from);
            classes.withOwnSupertypes(type).stream()
                    .flatMap(each -> classes.find(each).stream())
                    .flatMap(each -> each.methods().stream())
                    .filter(CodeMethod::isCallback)
                    .forEach(callback -> reach(callback, from));
        }
    }

    private void initialize(String type, @Nullable CodeMethod from) {
        classes.withOwnSupertypes(type).stream()
                .filter(initialized::add)
                .flatMap(each -> classes.find(each).stream())
                .flatMap(each -> each.method(CodeMethod.INITIALIZER, "()V").stream())
                .forEach(initializer -> reach(initializer, from));
    }

    private void reach(CodeMethod method, @Nullable CodeMethod from) {
        if (!callers.containsKey(method)) {
            callers.put(method, from);
            ahead.add(method);
        }
    }

    private List<String> path(CodeMethod method) {
        List<String> places = new ArrayList<>();
        for (CodeMethod at = method; at != null; at = callers.get(at)) {
            String place = at.id().place();
            if (places.isEmpty() || !places.get(0).equals(place)) {
                places.add(0, place);
            }
        }
        return List.copyOf(places);
    }
}
