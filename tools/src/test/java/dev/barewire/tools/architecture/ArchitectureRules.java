package dev.barewire.tools.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchRule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The rules, for the project or for another tree of packages that is laid out like it.
 *
 * <p>What byte code cannot tell: a copy by a loop of single accesses, and what reflection does.
 */
final class ArchitectureRules {
    private static final List<String> PLATFORM =
        List.of("", "java..", "jdk.jfr..", "jdk.incubator.vector..", "com.sun.management..");
    private static final Set<String> COPIES_OF_MAPPED_MEMORY = Set.of("copy", "copyTo", "copyFrom");

    private final String root;

    ArchitectureRules(final String root) {
        this.root = root;
    }

    /** Each room and the only packages that it may use, by the room's name. */
    Map<String, ArchRule> imports() {
        final Map<String, ArchRule> rules = new LinkedHashMap<>();
        rules.put("dma", uses("dma", List.of(), "org.agrona..", "jnr.."));
        rules.put("rings", uses("rings", List.of("dma")));
        rules.put("fallback", uses("fallback", List.of("dma")));
        rules.put("profiles", uses("profiles", List.of(), "org.tomlj.."));
        rules.put("driver", uses("driver", List.of("dma", "rings", "fallback", "profiles"), "org.agrona.."));
        rules.put("testkit", uses("testkit", List.of("dma", "rings", "fallback", "profiles", "driver"),
            "org.agrona..", "org.junit.jupiter.api.."));
        rules.put("tools", uses("tools", List.of("dma", "rings", "fallback", "profiles", "driver", "testkit"),
            "org.agrona..", "picocli..", "org.HdrHistogram.."));
        return rules;
    }

    /** The root package is left out: the public interface names the cards, and the cards its exceptions. */
    ArchRule cycles() {
        return slices().matching(root + ".(**)").should().beFreeOfCycles();
    }

    ArchRule rawAddresses() {
        return noClasses().that().doNotHaveFullyQualifiedName(mappedMemory())
            .should().accessTargetWhere(describe("the target deals in raw addresses", this::isRawAddress));
    }

    /** Frame memory is reached by the rooms below tools, and by what imports dma; a card model's DMA engine plays hardware. */
    ArchRule bulkCopies() {
        return noClasses().that().doNotHaveFullyQualifiedName(root + ".testkit.model.CardMemory")
            .and(resideInAnyPackage(packages("dma", "rings", "fallback", "profiles", "driver"))
                .or(describe("import dma", type -> type.getDirectDependenciesFromSelf().stream()
                    .anyMatch(use -> resideInAnyPackage(packages("dma")).test(use.getTargetClass())))))
            .should().accessTargetWhere(describe("the target copies in bulk, outside " + mappedMemory() + "'s "
                + COPIES_OF_MAPPED_MEMORY, access -> isBulkCopy(access) && !isCopyOfMappedMemory(access)));
    }

    /** MappedMemory's copies are package-private; this closes its package as well. */
    ArchRule copiesOutsideTheLedger() {
        return noClasses().that().doNotHaveFullyQualifiedName(root + ".dma.CopySite")
            .should().accessTargetWhere(describe("the target is a copy of " + mappedMemory(), access ->
                isOn(access, mappedMemory()) && COPIES_OF_MAPPED_MEMORY.contains(access.getTarget().getName())));
    }

    ArchRule volatileFields() {
        return noFields().that().areDeclaredInClassesThat(areHot()).should().haveModifier(JavaModifier.VOLATILE);
    }

    ArchRule volatileAccesses() {
        return noClasses().that(areHot()).should().accessTargetWhere(describe("the target is a volatile access",
            access -> isOn(access, "java.lang.invoke.VarHandle") && access.getTarget().getName().endsWith("Volatile")));
    }

    private ArchRule uses(final String room, final List<String> rooms, final String... libraries) {
        final List<String> allowed = new ArrayList<>(PLATFORM);
        allowed.addAll(List.of(packages(room)));
        allowed.addAll(List.of(packages(rooms.toArray(String[]::new))));
        allowed.addAll(List.of(libraries));
        return classes().that().resideInAnyPackage(packages(room))
            .should().onlyDependOnClassesThat().resideInAnyPackage(allowed.toArray(String[]::new));
    }

    private String[] packages(final String... rooms) {
        return Stream.of(rooms).flatMap(room -> room.equals("driver")
            ? Stream.of(root, root + ".driver..") : Stream.of(root + "." + room + "..")).toArray(String[]::new);
    }

    private String mappedMemory() {
        return root + ".dma.MappedMemory";
    }

    /** What a frame passes through: all of the lower rooms, and the queues and packets of the public interface. */
    private DescribedPredicate<JavaClass> areHot() {
        return resideInAnyPackage(packages("dma", "rings", "fallback")).or(describe("are queues or packets",
            type -> type.getPackageName().equals(root) && type.getSimpleName().matches("(Rx|Tx|Packet).*")));
    }

    private boolean isRawAddress(final JavaAccess<?> access) {
        final String name = access.getTarget().getName();
        final String owner = access.getTargetOwner().getName();
        return isOn(access, "java.lang.foreign.MemorySegment")
                && Set.of("reinterpret", "ofAddress", "NULL", "address").contains(name)
            || isOn(access, "java.lang.foreign.AddressLayout") && name.equals("withTargetLayout")
            || isOn(access, "org.agrona.DirectBuffer")
                && (name.equals("addressOffset") || Set.of("wrap", "<init>").contains(name)
                    && parameters(access).limit(1).anyMatch(type -> type.isEquivalentTo(long.class)))
            || owner.equals("org.agrona.BufferUtil") && name.equals("address")
            || owner.equals(root + ".dma.posix.Libc") && Set.of("mmap", "munmap", "mlock").contains(name)
                && !access.getOriginOwner().equals(access.getTargetOwner())
            || owner.startsWith("org.agrona.Unsafe") || owner.equals("sun.misc.Unsafe")
            || owner.startsWith("jdk.internal.") || isOn(access, "jnr.ffi.Pointer");
    }

    private boolean isBulkCopy(final JavaAccess<?> access) {
        final String name = access.getTarget().getName();
        return isOn(access, "java.lang.foreign.MemorySegment") && Set.of("copy", "copyFrom", "toArray").contains(name)
            || isOn(access, "java.nio.Buffer") && Set.of("put", "get").contains(name)
                && parameters(access).anyMatch(type -> type.isArray() || type.isAssignableTo("java.nio.Buffer"))
            || isOn(access, "org.agrona.DirectBuffer") && Set.of("putBytes", "getBytes").contains(name)
            || isOn(access, "jdk.incubator.vector.Vector") && name.equals("intoMemorySegment");
    }

    private boolean isCopyOfMappedMemory(final JavaAccess<?> access) {
        return access.getOriginOwner().getName().equals(mappedMemory())
            && COPIES_OF_MAPPED_MEMORY.contains(access.getOrigin().getName());
    }

    private static boolean isOn(final JavaAccess<?> access, final String type) {
        return access.getTargetOwner().isAssignableTo(type);
    }

    private static Stream<JavaClass> parameters(final JavaAccess<?> access) {
        return access.getTarget() instanceof CodeUnitAccessTarget code
            ? code.getRawParameterTypes().stream() : Stream.empty();
    }
}
