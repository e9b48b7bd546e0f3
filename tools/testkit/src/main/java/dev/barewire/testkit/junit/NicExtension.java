package dev.barewire.testkit.junit;

import dev.barewire.HeaderSplit;
import dev.barewire.Nic;
import dev.barewire.NicConfig;
import dev.barewire.dma.MemoryKind;
import dev.barewire.testkit.wire.Wire;
import java.lang.reflect.Constructor;
import java.lang.reflect.Parameter;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Opens the cards of a test and judges it by what is left of them: see {@link NicUnderTest}. */
public final class NicExtension implements ParameterResolver, AfterEachCallback {
    /** The card of a test that does not name one. */
    public static final String DEFAULT_DEVICE = "model:82540EM";
    /** The system property that names another for a whole run. */
    public static final String DEVICE_PROPERTY = "barewire.test.device";
    /** The system property that names the card at the other end of the cable, if that is another. */
    public static final String PEER_PROPERTY = "barewire.test.peer";
    /** The system property that names a folder to record traffic in. */
    public static final String PCAP_PROPERTY = "barewire.test.pcap";

    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(NicExtension.class);
    private static final int RING = 256;

    /** Made by JUnit. */
    public NicExtension() {
    }

    @Override
    public boolean supportsParameter(final ParameterContext parameter, final ExtensionContext context) {
        if (parameter.isAnnotated(NicUnderTest.class)) {
            return true;
        }
        return parameter.getParameter().getType() == Wire.class && Stream.of(parameter.getDeclaringExecutable().getParameters())
            .anyMatch(other -> other.isAnnotationPresent(NicUnderTest.class) && other.getType() == Nic.class);
    }

    @Override
    public Object resolveParameter(final ParameterContext parameter, final ExtensionContext context) {
        final Class<?> type = parameter.getParameter().getType();
        if (context.getTestMethod().isEmpty()) {
            throw new ParameterResolutionException("a card is opened for each test: make '" + parameter.getParameter()
                + "' a parameter of a test method, or of a @BeforeEach method");
        }
        if (type == Wire.class) {
            return wire(parameter, context);
        }
        final NicUnderTest wanted = parameter.findAnnotation(NicUnderTest.class).orElseThrow();
        final OpenNics nics = nics(context);
        final String device = first(wanted.device(), System.getProperty(DEVICE_PROPERTY, ""), DEFAULT_DEVICE);
        final String wrapped = wanted.wrap().isEmpty() ? device : wanted.wrap() + ":" + device;
        if (type == Nic.class) {
            return nics.open(recorded(wrapped, context, parameter.getParameter(), ""), config(wanted));
        }
        if (!isPair(type)) {
            throw new ParameterResolutionException(
                "@NicUnderTest stands before a Nic, CabledNics, or another record of two Nics, not before " + type.getName());
        }
        final String peer = first(wanted.peer(),
            wanted.device().isEmpty() ? System.getProperty(PEER_PROPERTY, "") : "", device);
        final RecordComponent[] names = type.getRecordComponents();
        return pair(type, nics.openPair(
            recorded(wrapped, context, parameter.getParameter(), "-" + names[0].getName()),
            recorded(peer, context, parameter.getParameter(), "-" + names[1].getName()), config(wanted)));
    }

    private static String first(final String... choices) {
        return Arrays.stream(choices).filter(choice -> !choice.isEmpty()).findFirst().orElseThrow();
    }

    private static Wire wire(final ParameterContext parameter, final ExtensionContext context) {
        final Parameter[] all = parameter.getDeclaringExecutable().getParameters();
        if (parameter.getIndex() == 0 || all[parameter.getIndex() - 1].getType() != Nic.class) {
            throw new ParameterResolutionException("a Wire is the far end of the cable of the Nic before it: write '"
                + parameter.getParameter() + "' right behind a @NicUnderTest Nic");
        }
        return nics(context).wire();
    }

    private static boolean isPair(final Class<?> type) {
        return type.isRecord() && type.getRecordComponents().length == 2
            && Stream.of(type.getRecordComponents()).allMatch(part -> part.getType() == Nic.class);
    }

    private static Object pair(final Class<?> type, final Nic[] nics) {
        try {
            final Constructor<?> constructor = type.getDeclaredConstructor(Nic.class, Nic.class);
            constructor.setAccessible(true);
            return constructor.newInstance(nics[0], nics[1]);
        } catch (final ReflectiveOperationException refused) {
            throw new ParameterResolutionException("a " + type.getName() + " cannot be made", refused);
        }
    }

    private static NicConfig config(final NicUnderTest wanted) {
        final HeaderSplit split = switch (wanted.headerSplit()) {
            case NONE -> HeaderSplit.NONE;
            case AFTER_L4 -> HeaderSplit.AFTER_L4;
            case FIXED -> HeaderSplit.fixed(wanted.splitAt());
        };
        final NicConfig config = NicConfig.defaults().mtu(wanted.mtu()).headerSplit(split).descriptors(RING, RING)
            .rxBuffers(MemoryKind.ANONYMOUS, 2048, wanted.buffers());
        try {
            final Constructor<? extends UnaryOperator<NicConfig>> constructor =
                wanted.config().getDeclaredConstructor();
            constructor.setAccessible(true);
            return constructor.newInstance().apply(config);
        } catch (final ReflectiveOperationException refused) {
            throw new ParameterResolutionException(wanted.config().getName()
                + " needs a constructor without parameters to change the configuration", refused);
        }
    }

    private static String recorded(
        final String device, final ExtensionContext context, final Parameter parameter, final String part) {
        final String folder = System.getProperty(PCAP_PROPERTY, "");
        if (folder.isEmpty()) {
            return device;
        }
        final String test = context.getRequiredTestClass().getSimpleName() + "." + context.getRequiredTestMethod().getName()
            + "-" + parameter.getName() + part + "-" + context.getUniqueId().hashCode();
        return "pcap:out=" + folder.replace("%", "%25").replace(":", "%3A").replace("&", "%26") + "/"
            + test.replaceAll("[^A-Za-z0-9._-]", "_") + ".pcapng:" + device;
    }

    private static OpenNics nics(final ExtensionContext context) {
        return context.getStore(NAMESPACE).getOrComputeIfAbsent(OpenNics.class, fresh -> new OpenNics(), OpenNics.class);
    }

    /** What is thrown here JUnit adds to what the test has failed of, if it has. */
    @Override
    public void afterEach(final ExtensionContext context) {
        final OpenNics nics = context.getStore(NAMESPACE).remove(OpenNics.class, OpenNics.class);
        final List<AssertionError> problems = nics == null ? List.of() : nics.close();
        if (!problems.isEmpty()) {
            final AssertionError first = problems.getFirst();
            problems.subList(1, problems.size()).forEach(first::addSuppressed);
            throw first;
        }
    }
}
