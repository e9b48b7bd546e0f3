package dev.barewire.tools.guest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

class KernelImageTest {
    @Test
    void shouldFindThePayloadWhenTheHeaderNamesIt() {
        assertThat(KernelImage.payload(image(1, 100, 3))).containsExactly(1, 2, 3);
    }

    @Test
    void shouldFindNothingWhenTheHeaderIsForeignOrPointsOutside() {
        assertThat(KernelImage.payload(new byte[4096])).isEmpty();
        assertThat(KernelImage.payload(new byte[10])).isEmpty();
        assertThat(KernelImage.payload(image(1, -1, 3))).isEmpty();
    }

    private static byte[] image(int sectors, int offset, int length) {
        ByteBuffer image = ByteBuffer.allocate(2048).order(ByteOrder.LITTLE_ENDIAN);
        image.put(0x1F1, (byte) sectors).put(0x202, new byte[] {'H', 'd', 'r', 'S'});
        image.putInt(0x248, offset).putInt(0x24C, length);
        image.put(1024 + 100, new byte[] {1, 2, 3});
        return image.array();
    }
}
