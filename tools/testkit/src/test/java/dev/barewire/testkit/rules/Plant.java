package dev.barewire.testkit.rules;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/**
 * A mistake planted in one class of the driver when it is loaded. Where in a method is found by what is done there; a
 * mistake that finds no place any more, because the driver has changed, refuses to be planted.
 *
 * @param what  the mistake, in words
 * @param rule  the rule that it breaks
 * @param owner the driver's class
 * @param place where in it
 * @param edit  writes the mistake instead of what stands there
 */
record Plant(String what, IntelRule rule, String owner, Place place, Edit edit) {
    /** Writes code instead of an instruction. */
    @FunctionalInterface
    interface Edit {
        void write(CodeBuilder code, CodeElement original);
    }

    /** Recognises an instruction of a method that is read from its start; one is made for each reading. */
    @FunctionalInterface
    interface Seeker {
        boolean isHere(CodeElement element);
    }

    /** Makes seekers. */
    @FunctionalInterface
    interface Search {
        Seeker begin();
    }

    /**
     * Where in a class.
     *
     * @param method the method's name; overloads are searched too
     * @param search what is done there
     * @param number which of several, from 1; 0 for all
     */
    record Place(String method, Search search, int number) {
        Place second() {
            return new Place(method, search, 2);
        }

        Place all() {
            return new Place(method, search, 0);
        }
    }

    /** The card whose driver is to make the mistake: the first that the rule is of. */
    String card() {
        return rule.source().startsWith("317694") ? "82574L" : "82540EM";
    }

    /** A call of a method by its name. */
    static Place call(final String method, final String called) {
        return new Place(method, () -> element ->
            element instanceof InvokeInstruction invoke && invoke.name().equalsString(called), 1);
    }

    /** A constant. */
    static Place constant(final String method, final int value) {
        return new Place(method, () -> element ->
            element instanceof ConstantInstruction constant && constant.constantValue().equals(value), 1);
    }

    /** Any instruction. */
    static Place instruction(final String method, final Search search) {
        return new Place(method, search, 1);
    }

    /** The call that writes a register, given by its name: write(register, value), on the stack: this, register, value. */
    static Place write(final String method, final String register) {
        return new Place(method, () -> access("write", register), 1);
    }

    /** The call that reads a register, given by its name: read(register), on the stack: this, register. */
    static Place read(final String method, final String register) {
        return new Place(method, () -> access("read", register), 1);
    }

    /** Registers are pushed by name, and popped by the call that they are pushed for. */
    private static Seeker access(final String called, final String register) {
        final Deque<String> pushed = new ArrayDeque<>();
        return element -> {
            if (element instanceof FieldInstruction field && field.owner().asInternalName().endsWith("IntelRegister")) {
                pushed.push(field.name().stringValue());
            } else if (element instanceof InvokeInstruction invoke && isAccess(invoke) && !pushed.isEmpty()) {
                return pushed.pop().equals(register) && invoke.name().equalsString(called);
            }
            return false;
        };
    }

    private static boolean isAccess(final InvokeInstruction invoke) {
        final String owner = invoke.owner().asInternalName();
        return (owner.endsWith("IntelCard") || owner.endsWith("Intel8254x") || owner.endsWith("Intel82574"))
            && (invoke.name().equalsString("read") || invoke.name().equalsString("write"));
    }

    /** Leaves a call out: takes what it was given from the stack. */
    static Edit leaveOut(final int slots) {
        return (code, original) -> {
            for (int i = 0; i < slots; i++) {
                code.pop();
            }
        };
    }

    /** Leaves a call out and goes on as if it had given a number. */
    static Edit pretend(final int slots, final int result) {
        return (code, original) -> {
            leaveOut(slots).write(code, original);
            code.loadConstant(result);
        };
    }

    /** Changes what lies on the stack first. */
    static Edit before(final Consumer<CodeBuilder> change) {
        return (code, original) -> {
            change.accept(code);
            code.with(original);
        };
    }

    /** Does something behind it. */
    static Edit behind(final Consumer<CodeBuilder> change) {
        return (code, original) -> {
            code.with(original);
            change.accept(code);
        };
    }

    /** Puts something in its place. */
    static Edit instead(final Consumer<CodeBuilder> change) {
        return (code, original) -> change.accept(code);
    }

    static Edit clearing(final int bits) {
        return before(code -> code.loadConstant(~bits).iand());
    }

    static Edit setting(final int bits) {
        return before(code -> code.loadConstant(bits).ior());
    }

    static Edit value(final int other) {
        return instead(code -> code.loadConstant(other));
    }

    /**
     * Plants the mistake.
     *
     * @throws IllegalStateException if there is no place for it
     */
    byte[] apply(final byte[] original) {
        final ClassFile files = ClassFile.of();
        final ClassModel model = files.parse(original);
        final int[] planted = {0};
        final byte[] changed = files.transformClass(model, ClassTransform.transformingMethodBodies(
            this::isIn, CodeTransform.ofStateful(() -> transform(planted))));
        if (planted[0] == 0) {
            throw new IllegalStateException("there is no place any more to plant '" + what + "': " + owner + "." + place.method()
                + " does not do what it did");
        }
        return changed;
    }

    private boolean isIn(final MethodModel method) {
        return method.methodName().equalsString(place.method());
    }

    private CodeTransform transform(final int[] planted) {
        final Seeker seeker = place.search().begin();
        final int[] found = {0};
        return (code, element) -> {
            if (seeker.isHere(element) && (++found[0] == place.number() || place.number() == 0)) {
                edit.write(code, element);
                planted[0]++;
            } else {
                code.with(element);
            }
        };
    }

    @Override
    public String toString() {
        return rule.id() + ": " + what;
    }
}
