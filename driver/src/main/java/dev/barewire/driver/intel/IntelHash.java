package dev.barewire.driver.intel;

import dev.barewire.driver.access.Registers;
import dev.barewire.driver.card.CardSettings;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** What frames are hashed with, and which queue gets which hash (82574 datasheet 7.1.11, 82576 datasheet 7.1). */
final class IntelHash {
    private IntelHash() {
    }

    /**
     * Writes key and redirection table.
     *
     * @param queueShift where an entry of the table has its queue
     * @return false if no hash is wanted, and nothing was written
     */
    static boolean write(final Registers registers, final CardSettings settings, final int queueShift) {
        final ByteBuffer key = ByteBuffer.wrap(settings.rssKey()).order(ByteOrder.LITTLE_ENDIAN);
        if (!key.hasRemaining()) {
            return false;
        }
        for (int at = 0; key.hasRemaining(); at += Integer.BYTES) {
            registers.write(IntelRegister.RSSRK.offset() + at, key.getInt());
        }
        for (int at = 0; at < IntelRegister.RETA_BYTES; at += Integer.BYTES) {
            int word = 0;
            for (int entry = 0; entry < Integer.BYTES; entry++) {
                word |= settings.queueOf(at + entry) << queueShift << Byte.SIZE * entry;
            }
            registers.write(IntelRegister.RETA.offset() + at, word);
        }
        return true;
    }
}
