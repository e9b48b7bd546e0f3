package dev.barewire.testkit.junit;

import dev.barewire.HeaderSplit;
import dev.barewire.NicConfig;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Opens a card for a parameter of a test method, waits for its link, and closes it when the test is over, after its
 * {@code @AfterEach} methods. The parameter is a {@link dev.barewire.Nic}, or {@link CabledNics} or another record of two
 * {@code Nic}s, which have a cable between them. Behind a lone {@code Nic}, a parameter of type
 * {@link dev.barewire.testkit.wire.Wire} without an annotation is the far end of its cable.
 *
 * <pre>{@code
 * @Test
 * void shouldAnswer(@NicUnderTest Nic nic, Wire wire) { ... }
 *
 * @Test
 * void shouldSurviveLoss(@NicUnderTest(wrap = "fault:loss=0.1&seed=7") CabledNics nics) { ... }
 * }</pre>
 *
 * <p>A test fails if a buffer is out when its card is closed: the failure names each with its pool, where it is and for how
 * long. It fails as well if a strict model saw the driver break a rule that it must keep. What the test itself failed of
 * comes first, the other is suppressed in it.
 *
 * <p>Where {@link #device} is not given the card is {@value NicExtension#DEFAULT_DEVICE}, or for a whole run what the system
 * property {@value NicExtension#DEVICE_PROPERTY} names, such as {@code qemu:e1000}; {@value NicExtension#PEER_PROPERTY}
 * names the card at the other end of the cable if that is another, as with two real cards. The property
 * {@value NicExtension#PCAP_PROPERTY} names a folder in which each card's traffic is recorded under its test's name.
 */
@Target(ElementType.PARAMETER)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@ExtendWith(NicExtension.class)
public @interface NicUnderTest {
    /**
     * The card.
     *
     * @return its name; empty for the run's
     */
    String device() default "";

    /**
     * The card at the other end of the cable, of a pair.
     *
     * @return its name; empty for another like the first
     */
    String peer() default "";

    /**
     * What is put around the card: a wrapping device's name up to the device inside, or several. Of a pair, around the
     * first.
     *
     * @return such as {@code fault:loss=0.01&seed=7}; empty for nothing
     */
    String wrap() default "";

    /**
     * The most bytes of a frame without Ethernet header and FCS.
     *
     * @return bytes
     */
    int mtu() default 1500;

    /**
     * Where received frames are split.
     *
     * @return the place
     */
    HeaderSplit.Mode headerSplit() default HeaderSplit.Mode.AFTER_L4;

    /**
     * The length after which frames are split, with {@link HeaderSplit.Mode#FIXED}.
     *
     * @return bytes
     */
    int splitAt() default 0;

    /**
     * How many buffers of 2048 bytes the card receives into.
     *
     * @return buffers
     */
    int buffers() default 1024;

    /**
     * What else the test wants of the configuration.
     *
     * @return a class with a constructor without parameters, which is given what follows from the rest
     */
    Class<? extends UnaryOperator<NicConfig>> config() default AsItIs.class;

    /** Changes nothing. */
    final class AsItIs implements UnaryOperator<NicConfig> {
        /** Made by the extension. */
        public AsItIs() {
        }

        @Override
        public NicConfig apply(final NicConfig config) {
            return config;
        }
    }
}
