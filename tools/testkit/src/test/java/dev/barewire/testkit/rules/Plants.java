package dev.barewire.testkit.rules;

import static dev.barewire.testkit.rules.Plant.before;
import static dev.barewire.testkit.rules.Plant.behind;
import static dev.barewire.testkit.rules.Plant.call;
import static dev.barewire.testkit.rules.Plant.clearing;
import static dev.barewire.testkit.rules.Plant.constant;
import static dev.barewire.testkit.rules.Plant.instead;
import static dev.barewire.testkit.rules.Plant.instruction;
import static dev.barewire.testkit.rules.Plant.leaveOut;
import static dev.barewire.testkit.rules.Plant.pretend;
import static dev.barewire.testkit.rules.Plant.read;
import static dev.barewire.testkit.rules.Plant.setting;
import static dev.barewire.testkit.rules.Plant.value;
import static dev.barewire.testkit.rules.Plant.write;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.Label;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.OperatorInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.List;
import java.util.stream.Stream;

/** Mistakes that a driver's author could make, each in one class of the driver. */
final class Plants {
    private static final String CARD = "dev.barewire.driver.intel.IntelCard";
    private static final String MODEL = "dev.barewire.driver.intel.Intel8254x";
    private static final String LATER = "dev.barewire.driver.intel.Intel82574";
    private static final String EEPROM = "dev.barewire.driver.intel.IntelEeprom";
    private static final String EERD = "dev.barewire.driver.intel.IntelEeprom$Layout";
    private static final String HASH = "dev.barewire.driver.intel.IntelHash";
    private static final String FILTERS = "dev.barewire.driver.intel.IntelFilters";
    private static final String COUNTER = "dev.barewire.driver.intel.IntelStatistics$Counter";
    private static final String RX_QUEUE = "dev.barewire.RxQueue";
    private static final String PARTS = "dev.barewire.NicParts";
    private static final String PREPARE = "dev.barewire.TxPrepare";
    private static final String RX_RING = "dev.barewire.rings.intel.LegacyRxRing";
    private static final String RX_RINGS = "dev.barewire.rings.intel.IntelRxRing";
    private static final String SPLIT_RING = "dev.barewire.rings.intel.PacketSplitRxRing";
    private static final String TX_RING = "dev.barewire.rings.intel.IntelTxRing";
    private static final String OFFLOAD = "dev.barewire.rings.intel.TxOffload";
    private static final ClassDesc REGISTERS = ClassDesc.of("dev.barewire.driver.access.Registers");
    private static final ClassDesc REGISTER = ClassDesc.of("dev.barewire.driver.intel.IntelRegister");
    private static final MethodTypeDesc WRITE = MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_int, ConstantDescs.CD_int);
    private static final MethodTypeDesc READ = MethodTypeDesc.of(ConstantDescs.CD_int, ConstantDescs.CD_int);
    /** What write(register, value) takes from the stack: the card, the register, the value. */
    private static final int WRITTEN = 3;

    private Plants() {
    }

    static List<Plant> all() {
        return Stream.of(reset(), setUp(), rings(), receive(), transmit(), offload(), later()).flatMap(List::stream).toList();
    }

    private static List<Plant> reset() {
        return List.of(
            new Plant("interrupts are not masked before a reset", IntelRule.RESET_01, CARD,
                write("silence", "IMC"), leaveOut(WRITTEN)),
            new Plant("interrupts are not masked behind a reset", IntelRule.RESET_01, CARD,
                write("reset", "IMC"), leaveOut(WRITTEN)),
            new Plant("the receiver is not switched off before a reset", IntelRule.RESET_03, CARD,
                write("silence", "RCTL"), leaveOut(WRITTEN)),
            new Plant("the transmitter is not switched off before a reset", IntelRule.RESET_03, CARD,
                write("silence", "TCTL"), leaveOut(WRITTEN)),
            new Plant("no pause behind CTRL.RST", IntelRule.RESET_04, CARD, call("reset", "millis"), leaveOut(1)),
            new Plant("the end of a reset is not waited for", IntelRule.RESET_04, CARD, call("reset", "until"), pretend(2, 1)),
            new Plant("the receive head is not written again behind a reset", IntelRule.RESET_06, CARD,
                write("setUpReceive", "RDH"), leaveOut(WRITTEN + 1)),
            new Plant("bus mastering is not switched on", IntelRule.RESET_07, PARTS, call("<init>", "command").second(), leaveOut(2)),
            new Plant("memory space is not switched on", IntelRule.RESET_07, PARTS, call("<init>", "command"), leaveOut(2)),
            new Plant("the last word of the multicast table is forgotten", IntelRule.RESET_08, FILTERS,
                constant("reset", 128), value(127)),
            new Plant("receive addresses that are not used stay as they are", IntelRule.RESET_08, FILTERS,
                call("reset", "clearAddress"), leaveOut(2)),
            new Plant("a register is written at an odd place", IntelRule.RESET_09, CARD,
                call("rxDoorbell", "offset"), behind(code -> code.iconst_2().iadd())),
            new Plant("writes are not flushed before the pause that leads to a reset", IntelRule.RESET_10, CARD,
                read("silence", "STATUS"), pretend(2, 0)),
            new Plant("no pause leads to a reset", IntelRule.RESET_10, CARD, call("silence", "millis"), leaveOut(1)));
    }

    private static List<Plant> setUp() {
        return List.of(
            new Plant("CTRL.SLU is forgotten", IntelRule.LINK_01, CARD, write("initialise", "CTRL"), clearing(1 << 6)),
            new Plant("the PHY is asked twice at once", IntelRule.LINK_04, CARD,
                write("initialise", "VET"), behind(Plants::askPhyTwice)),
            new Plant("the causes of interrupts are not read", IntelRule.INTR_01, CARD,
                read("disableInterrupt", "ICR"), pretend(2, 0)),
            new Plant("VLANs are filtered before the table says which", IntelRule.VLAN_05, FILTERS,
                call("vlans", "write"), before(code -> code.aload(0).iconst_1().putfield(ClassDesc.of(FILTERS), "byVlan",
                    ConstantDescs.CD_boolean).aload(0).invokevirtual(ClassDesc.of(FILTERS), "writeModes",
                        MethodTypeDesc.of(ConstantDescs.CD_void)))),
            new Plant("a change of the link is not looked at", IntelRule.LINK_06, CARD, constant("heard", 4), value(0)),
            new Plant("EERD is written as an 82574 wants it", IntelRule.NVM_01, EERD, constant("<clinit>", 8), value(2)),
            new Plant("the EEPROM's checksum is not looked at, nor all of what it sums", IntelRule.NVM_03, EEPROM,
                instruction("verified", () -> Plants::countsOrCompares).all(), Plants::threeWordsAndNoSum),
            new Plant("a byte of the address comes to a wrong place", IntelRule.NVM_04, FILTERS, constant("setAddress", 16), value(24)),
            new Plant("VET is forgotten", IntelRule.VLAN_01, CARD, write("initialise", "VET"), leaveOut(WRITTEN)),
            new Plant("the counters keep what was counted before", IntelRule.STATS_05, CARD,
                instruction("start", () -> element -> isCallOn(element, "IntelStatistics", "reset")), leaveOut(1)),
            new Plant("a counter's high half is read before its low half", IntelRule.STATS_02, COUNTER,
                call("read", "read"), before(code -> code.aload(1).aload(0).getfield(ClassDesc.of(COUNTER), "offset",
                    ConstantDescs.CD_int).iconst_4().iadd().invokeinterface(REGISTERS, "read", READ).pop())),
            new Plant("the valid half of an address is written first", IntelRule.FILTER_01, FILTERS,
                call("setAddress", "write").all(), swapped()),
            new Plant("an address changes while it is valid", IntelRule.FILTER_02, FILTERS,
                call("setAddress", "clearAddress"), leaveOut(2)),
            new Plant("broadcast is not taken in", IntelRule.FILTER_04, CARD, write("setUpReceive", "RCTL"), clearing(1 << 15)),
            new Plant("interrupts are masked with a 0", IntelRule.INTR_08, CARD,
                write("disableInterrupt", "IMC"), before(code -> code.pop().iconst_0())));
    }

    private static void askPhyTwice(final CodeBuilder code) {
        for (int i = 0; i < 2; i++) {
            code.aload(0).getfield(ClassDesc.of(CARD), "registers", REGISTERS).bipush(0x20).loadConstant(2 << 26 | 1 << 21)
                .invokeinterface(REGISTERS, "write", WRITE);
        }
    }

    private static boolean countsOrCompares(final CodeElement element) {
        return element instanceof BranchInstruction branch && branch.opcode() == Opcode.IF_ICMPEQ
            || element instanceof ConstantInstruction constant && constant.constantValue().equals(64);
    }

    private static void threeWordsAndNoSum(final CodeBuilder code, final CodeElement original) {
        if (original instanceof BranchInstruction branch) {
            code.pop2().goto_(branch.target());
        } else {
            code.iconst_3();
        }
    }

    /** Of two calls of registers.write() the first is made behind the second. */
    private static Plant.Edit swapped() {
        final int[] calls = {0};
        return (code, original) -> {
            if (calls[0]++ == 0) {
                code.istore(9).istore(8).pop();
            } else {
                code.with(original).aload(0).getfield(ClassDesc.of(FILTERS), "registers", REGISTERS).iload(8).iload(9)
                    .invokeinterface(REGISTERS, "write", WRITE);
            }
        };
    }

    private static List<Plant> rings() {
        return List.of(
            new Plant("a ring's base is no multiple of 16", IntelRule.RING_01, CARD, write("setUpReceive", "RDBAL"), setting(8)),
            new Plant("a ring's length is no multiple of 128", IntelRule.RING_02, CARD,
                write("setUpReceive", "RDLEN"), before(code -> code.loadConstant(16).isub())),
            new Plant("a ring's length is 0", IntelRule.RING_03, CARD,
                write("setUpTransmit", "TDLEN"), before(code -> code.pop().iconst_0())),
            new Plant("the head is written while the receiver is on", IntelRule.RING_04, CARD,
                write("start", "RCTL"), behind(code -> code.aload(0).getstatic(REGISTER, "RDH", REGISTER).iconst_0()
                    .invokevirtual(ClassDesc.of(CARD), "write", MethodTypeDesc.of(ConstantDescs.CD_void, REGISTER,
                        ConstantDescs.CD_int)))),
            new Plant("a transmit ring starts with what lay in its memory", IntelRule.RING_05, TX_RING,
                call("<init>", "clear"), instead(code -> code.bipush(24).loadConstant(0x0123_4567L)
                    .invokevirtual(ClassDesc.of("dev.barewire.rings.RingMemory"), "putLong",
                        MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_int, ConstantDescs.CD_long)))),
            new Plant("a descriptor is handed over before its buffer is in it", IntelRule.RING_06, RX_RING,
                call("fill", "putLong"), leaveOutStore()),
            new Plant("the tail points at the last descriptor instead of behind it", IntelRule.RING_08, CARD,
                call("rxDoorbell", "write"), before(code -> code.iconst_1().isub())),
            new Plant("a receive ring is filled whole", IntelRule.RING_09, RX_RING, constant("fill", 1), value(0)),
            new Plant("a tail counts bytes", IntelRule.RING_10, CARD,
                call("txDoorbell", "write"), before(code -> code.bipush(16).imul())),
            new Plant("a receive descriptor goes back with its status", IntelRule.RING_12, RX_RING,
                call("fill", "putLong").second(), leaveOutStore()),
            new Plant("the tail is written for each descriptor", IntelRule.RING_14, CARD, call("txDoorbell", "write"),
                before(Plants::oneByOne)),
            new Plant("the receive tail is written for each frame that is polled", IntelRule.RING_14, RX_QUEUE,
                constant("isBatchFree", 16), value(1)));
    }

    private static Plant.Edit leaveOutStore() {
        return instead(code -> code.pop2().pop().pop());
    }

    /** Tells the card of all but the last one first. */
    private static void oneByOne(final CodeBuilder code) {
        final Label end = code.newLabel();
        code.iload(2).ifeq(end)
            .aload(0).getfield(ClassDesc.of(CARD), "registers", REGISTERS)
            .getstatic(REGISTER, "TDT", REGISTER)
            .invokevirtual(REGISTER, "offset", MethodTypeDesc.of(ConstantDescs.CD_int))
            .iload(2).iconst_1().isub().invokeinterface(REGISTERS, "write", WRITE).labelBinding(end);
    }

    private static List<Plant> receive() {
        return List.of(
            new Plant("the card is told of larger buffers than there are", IntelRule.RX_01, CARD,
                write("setUpReceive", "RCTL"), setting(1 << 25 | 3 << 16)),
            new Plant("the card is told of smaller buffers than there are", IntelRule.RX_02, CARD,
                write("setUpReceive", "RCTL"), setting(1 << 16)),
            new Plant("the card is told of a buffer size that is reserved", IntelRule.RX_02, CARD,
                write("setUpReceive", "RCTL"), setting(1 << 25)),
            new Plant("the FCS stays on the frames", IntelRule.RX_05, CARD, write("setUpReceive", "RCTL"), clearing(1 << 26)),
            new Plant("long frames are sent but not taken in", IntelRule.RX_09, CARD, write("setUpReceive", "RCTL"), clearing(1 << 5)));
    }

    private static List<Plant> transmit() {
        return List.of(
            new Plant("TIPG is forgotten", IntelRule.TX_01, MODEL, write("transmitFormat", "TIPG"), leaveOut(WRITTEN)),
            new Plant("TCTL.PSP is forgotten", IntelRule.TX_01, CARD, write("start", "TCTL"), clearing(1 << 3)),
            new Plant("EOP is forgotten", IntelRule.TX_02, TX_RING, call("<clinit>", "command"), behind(code -> code.pop2().lconst_0())),
            new Plant("IFCS is forgotten", IntelRule.TX_02, OFFLOAD, constant("data", 2), value(0)),
            new Plant("no descriptor asks for a report", IntelRule.TX_03, TX_RING,
                instruction("publish", () -> element -> element instanceof FieldInstruction field && field.name().equalsString("RS")),
                instead(code -> code.lconst_0())),
            new Plant("reports are batched by the card as well as by the driver", IntelRule.TX_04, MODEL,
                write("transmitFormat", "TXDCTL"), setting(1 << 16)),
            new Plant("a transmit ring is filled whole", IntelRule.TX_06, TX_RING, constant("capacity", 1), value(0)),
            new Plant("buffers are given back before the card is done with them", IntelRule.TX_07, TX_RING,
                call("reclaim", "status"), pretend(2, 1)),
            new Plant("a descriptor points at more than the card takes", IntelRule.TX_08, TX_RING,
                instruction("<init>", () -> element -> element instanceof FieldInstruction field
                    && field.name().equalsString("maxDataPerDescriptor")), before(code -> code.pop().loadConstant(65535))),
            new Plant("interrupts are held back with no delay set", IntelRule.TX_09, OFFLOAD,
                constant("data", 2), value(2 | 1 << 7)));
    }

    /** Of rules that came with the 82574. */
    private static List<Plant> later() {
        return List.of(
            new Plant("the card is not asked to leave the bus before a reset", IntelRule.RESET_02, CARD,
                write("disableMaster", "CTRL"), clearing(1 << 2)),
            new Plant("the end of its accesses to memory is not waited for", IntelRule.RESET_02, CARD,
                call("disableMaster", "until"), pretend(2, 1)),
            new Plant("the EEPROM's end behind a reset is not waited for", IntelRule.RESET_05, LATER,
                call("awaitEeprom", "until"), pretend(2, 1)),
            new Plant("the EEPROM is not asked for", IntelRule.LINK_05, LATER, call("readAddress", "until"), pretend(2, 1)),
            new Plant("EERD is written as an 82540EM wants it", IntelRule.NVM_02, EERD, constant("<clinit>", 2), value(8)),
            new Plant("payload buffers' addresses are not written anew", IntelRule.RING_11, SPLIT_RING,
                constant("write", 3), value(0)),
            new Plant("the tail counts descriptors", IntelRule.RING_13, RX_RINGS, instruction("tail", () -> element ->
                element instanceof OperatorInstruction operator && operator.opcode() == Opcode.IMUL), instead(CodeBuilder::pop)),
            new Plant("thresholds count cache lines", IntelRule.RING_17, LATER, write("transmitFormat", "TXDCTL"), clearing(1 << 22)),
            new Plant("the redirection table names a queue that there is not", IntelRule.RING_18, HASH,
                call("write", "queueOf"), pretend(2, 1)),
            new Plant("the format changes while the receiver is on", IntelRule.RX_03, CARD,
                write("start", "RCTL"), behind(code -> code.aload(0).getstatic(REGISTER, "RFCTL", REGISTER).loadConstant(1 << 15)
                    .invokevirtual(ClassDesc.of(CARD), "write", MethodTypeDesc.of(ConstantDescs.CD_void, REGISTER,
                        ConstantDescs.CD_int)))),
            new Plant("the hash comes without PCSD", IntelRule.RXCSUM_04, LATER, write("setUpHash", "RXCSUM"), clearing(1 << 13)),
            new Plant("packet split comes without extended descriptors", IntelRule.SPLIT_01, LATER,
                write("receiveFormat", "RFCTL"), clearing(1 << 15)),
            new Plant("payload buffers have no size", IntelRule.SPLIT_02, LATER, write("receiveFormat", "PSRCTL"), clearing(0x3f << 8)),
            new Plant("a buffer has a size and no address", IntelRule.SPLIT_03, LATER,
                write("receiveFormat", "PSRCTL"), setting(2 << 24)),
            new Plant("reports are batched by the card as well", IntelRule.TX_05, LATER,
                write("transmitFormat", "TXDCTL"), setting(1 << 16)),
            new Plant("causes are not cleared", IntelRule.INTR_02, LATER, write("disableInterrupt", "ICR"), leaveOut(WRITTEN)),
            new Plant("the line's cause is let in with messages", IntelRule.INTR_10, LATER,
                write("enableInterrupt", "IMS"), setting(1 << 7)));
    }

    private static List<Plant> offload() {
        return List.of(
            new Plant("the context is left out", IntelRule.TXOFF_01, TX_RING, call("post", "needsContext"), pretend(2, 0)),
            new Plant("IPCSE points behind the header", IntelRule.TXOFF_03, OFFLOAD, constant("checksums", 1), value(0)),
            new Plant("the IP checksum is summed with what was in its field", IntelRule.TXOFF_03, PREPARE,
                call("checksums", "clearIp"), pretend(3, 1)),
            new Plant("UDP's checksum is looked for in the wrong place", IntelRule.TXOFF_04, OFFLOAD,
                constant("l4ChecksumOffset", 6), value(4)),
            new Plant("the seed is forgotten", IntelRule.TXOFF_05, PREPARE, call("checksums", "seedL4"), pretend(4, 1)),
            new Plant("a segmentation's seed has the length in it", IntelRule.TXOFF_05, PREPARE,
                call("segmentByCard", "seedL4"), before(code -> code.pop().iconst_0())),
            new Plant("the length of a packet to be segmented is not cleared", IntelRule.TXOFF_06, PREPARE,
                call("segmentByCard", "clearForSegmentation"), pretend(3, 1)),
            new Plant("PAYLEN counts the headers", IntelRule.TXOFF_07, OFFLOAD,
                instruction("context", () -> element -> element instanceof OperatorInstruction operator
                    && operator.opcode() == Opcode.ISUB), instead(code -> code.pop())),
            new Plant("checksums have a context but are not asked for", IntelRule.TXOFF_08, OFFLOAD,
                call("data", "sumsL4"), pretend(1, 0)),
            new Plant("tags are asked for but CTRL.VME is off", IntelRule.VLAN_03, CARD,
                write("initialise", "CTRL"), clearing(1 << 30)));
    }

    private static boolean isCallOn(final CodeElement element, final String owner, final String name) {
        return element instanceof InvokeInstruction invoke
            && invoke.owner().asInternalName().endsWith(owner) && invoke.name().equalsString(name);
    }
}
