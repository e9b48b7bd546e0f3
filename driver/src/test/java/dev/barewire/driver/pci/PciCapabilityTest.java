package dev.barewire.driver.pci;

import static org.assertj.core.api.Assertions.assertThat;

import dev.barewire.driver.pci.PciCapability.MsixTable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

class PciCapabilityTest {
    private final ByteBuffer bytes = ByteBuffer.allocate(256).order(ByteOrder.LITTLE_ENDIAN);
    private final PciConfig config = new PciConfig() {
        @Override
        public int read(final int offset, final int width) {
            return switch (width) {
                case 1 -> Byte.toUnsignedInt(bytes.get(offset));
                case 2 -> Short.toUnsignedInt(bytes.getShort(offset));
                default -> bytes.getInt(offset);
            };
        }

        @Override
        public void write(final int offset, final int width, final int value) {
            assertThat(width).isEqualTo(2);
            bytes.putShort(offset, (short) value);
        }
    };

    /** The list of an 82574L: power management, MSI, PCI Express, MSI-X. */
    private void express() {
        bytes.putShort(PciConfig.STATUS, (short) 0x0010);
        bytes.put(PciConfig.CAPABILITIES, (byte) 0xc8);
        bytes.putShort(0xc8, (short) 0xd001);
        bytes.putShort(0xd0, (short) 0xe005);
        bytes.putShort(0xe0, (short) 0xa010);
        bytes.putShort(0xa0, (short) 0x0011);
        bytes.putShort(0xa2, (short) 0x8004);
        bytes.putInt(0xa4, 0x0000_2003);
    }

    @Test
    void shouldWalkTheListWhenTheFunctionHasOne() {
        express();

        assertThat(PciCapability.find(config, PciCapability.POWER_MANAGEMENT)).isEqualTo(0xc8);
        assertThat(PciCapability.find(config, PciCapability.MSI)).isEqualTo(0xd0);
        assertThat(PciCapability.find(config, PciCapability.PCI_EXPRESS)).isEqualTo(0xe0);
        assertThat(PciCapability.find(config, PciCapability.MSIX)).isEqualTo(0xa0);
        assertThat(PciCapability.find(config, 0x09)).isZero();
    }

    @Test
    void shouldTellWhereTheTableIsWhenTheFunctionHasMsix() {
        express();

        final MsixTable table = PciCapability.msixTable(config);

        assertThat(table).isEqualTo(new MsixTable(3, 0x2000, 5));
        assertThat(table.bytes()).isEqualTo(80);
    }

    @Test
    void shouldFindNothingWhenTheStatusSaysThereIsNoList() {
        express();
        bytes.putShort(PciConfig.STATUS, (short) 0);

        assertThat(PciCapability.find(config, PciCapability.MSIX)).isZero();
        assertThat(PciCapability.msixTable(config)).isNull();
    }

    @Test
    void shouldEndWhenABrokenListRunsInACircleOrOutOfItsPlace() {
        express();
        bytes.putShort(0xa0, (short) 0xc811);
        assertThat(PciCapability.find(config, 0x09)).isZero();

        bytes.putShort(0xa0, (short) 0x0411);
        assertThat(PciCapability.find(config, 0x09)).isZero();
    }

    @Test
    void shouldEndWhenTheCardIsGoneAndReadsAllOnes() {
        for (int i = 0; i < bytes.capacity(); i++) {
            bytes.put(i, (byte) 0xff);
        }

        assertThat(PciCapability.find(config, PciCapability.MSIX)).isZero();
    }

    @Test
    void shouldChangeOneBitOnlyWhenBusMasteringIsSwitched() {
        bytes.putShort(PciConfig.COMMAND, (short) 0x0403);

        config.busMaster(true);
        assertThat(bytes.getShort(PciConfig.COMMAND)).isEqualTo((short) 0x0407);

        config.busMaster(false);
        assertThat(bytes.getShort(PciConfig.COMMAND)).isEqualTo((short) 0x0403);
    }
}
