package dev.barewire.driver.card;

import dev.barewire.LinkState;
import dev.barewire.MacAddress;
import dev.barewire.rings.RxRing;
import dev.barewire.rings.TxRing;
import java.util.Collection;
import java.util.Map;

/**
 * A card that has been reset and given its rings. Between {@link #start()} and {@link #stop()} it moves frames. Doorbells
 * and interrupt switches are called by the thread that owns the queue; the rest by any one thread at a time.
 */
public interface Card extends AutoCloseable {
    /**
     * Its Ethernet address.
     *
     * @return as its EEPROM or configuration has it
     */
    MacAddress mac();

    /**
     * A receive queue's ring.
     *
     * @param queue from 0
     * @return the ring
     */
    RxRing rxRing(int queue);

    /**
     * A transmit queue's ring.
     *
     * @param queue from 0
     * @return the ring
     */
    TxRing txRing(int queue);

    /**
     * Rings a receive queue's doorbell.
     *
     * @param queue from 0
     * @param tail  as {@link RxRing#publish()} gave it
     */
    void rxDoorbell(int queue, int tail);

    /**
     * Rings a transmit queue's doorbell.
     *
     * @param queue from 0
     * @param tail  as {@link TxRing#publish()} gave it
     */
    void txDoorbell(int queue, int tail);

    /** Lets frames in and out; the rings may be filled before. */
    void start();

    /** Stops DMA and interrupts and waits until both are quiet; the rings can be drained then. */
    void stop();

    /**
     * The link as the card sees it now.
     *
     * @return its state
     */
    LinkState link();

    /**
     * Whether the card is not on the bus any more: pulled out, or its bus broken. One read of a register, from any thread.
     *
     * @return true if its registers read as all ones
     */
    default boolean isLost() {
        return false;
    }

    /**
     * Whether the card says that it cannot go on before it is reset. From any thread.
     *
     * @return true until {@link #recover()}
     */
    default boolean needsReset() {
        return false;
    }

    /**
     * Resets a card that {@link #needsReset()} and sets it up as it was, with new rings. Each queue's owner then drains its old
     * ring and goes over to the new one by {@link #switchRxRing} or {@link #switchTxRing}.
     *
     * @throws dev.barewire.SetupException if it cannot be what it was; it moves nothing then
     */
    default void recover() {
        throw new UnsupportedOperationException("this card never asks to be reset");
    }

    /**
     * Gives a receive queue the ring that it has since {@link #recover()}. It uses the one of before no more.
     *
     * @param queue from 0
     * @return the ring
     */
    default RxRing switchRxRing(final int queue) {
        return rxRing(queue);
    }

    /**
     * Gives a transmit queue the ring that it has since {@link #recover()}. It uses the one of before no more.
     *
     * @param queue from 0
     * @return the ring
     */
    default TxRing switchTxRing(final int queue) {
        return txRing(queue);
    }

    /**
     * How many statistics registers had reached their end when they were collected.
     *
     * @return the count since the card was started
     */
    default long saturations() {
        return 0;
    }

    /**
     * Lets a receive queue interrupt; the caller must look at its ring once more before it sleeps.
     *
     * @param queue from 0
     */
    void enableInterrupt(int queue);

    /**
     * Keeps a receive queue from interrupting and acknowledges what it has signalled.
     *
     * @param queue from 0
     * @return true if the link may have changed, or the card is lost
     */
    boolean disableInterrupt(int queue);

    /**
     * Whether the card had one of the causes to interrupt that it was allowed.
     *
     * @param queue from 0
     * @return false if {@link #disableInterrupt} found none when it was called last
     */
    default boolean hadCause(final int queue) {
        return true;
    }

    /**
     * Which vector a receive queue signals on.
     *
     * @param queue from 0
     * @return the index for {@code InterruptSource}
     */
    int vector(int queue);

    /**
     * Takes in all frames, or only those addressed to the card and to its groups.
     *
     * @param on true for all
     */
    void promiscuous(boolean on);

    /**
     * Takes in all multicast frames.
     *
     * @param on true for all
     */
    void allMulticast(boolean on);

    /**
     * Takes in frames for these groups, and perhaps for others.
     *
     * @param groups all groups wanted, not only new ones
     */
    void multicast(Collection<MacAddress> groups);

    /**
     * Takes in only frames of these VLANs and frames without a tag.
     *
     * @param ids VLAN ids, 0 to 4095; null takes in all
     */
    void vlans(Collection<Integer> ids);

    /**
     * What the card has counted since it was started, in 64 bits.
     *
     * @return name to count
     */
    Map<String, Long> statistics();

    /** Adds up what the card has counted, before its registers can overflow. Allocates nothing. */
    void collectStatistics();

    /**
     * The card's registers that can be read without changing anything.
     *
     * @return name to value, in order of their offsets
     */
    Map<String, Integer> registers();

    /** Frees the rings' memory; only after {@link #stop()}. */
    @Override
    void close();
}
