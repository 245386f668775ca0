package org.mssbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Method;
import java.net.URL;
import java.security.CodeSource;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.Label;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.Type;
import org.mssbridge.model.Printable;
import org.mssbridge.tshark.Tshark;

/**
 * A second copy of the program whose classes count what they do: each method entered, each round of
 * a loop, and each element of a list that the JDK searches or copies for them. So the count is the
 * same on every machine, which no time is, and the program itself knows nothing of it.
 *
 * <p>Not counted is what would hide the rest: each character of tshark's output and of a text is
 * read once. Nor is what else the JDK does, such as sorting.
 */
final class CountedProgram extends ClassLoader {
  private static final String WORK = Type.getInternalName(Work.class);
  private static final Set<String> SEARCHES = Set.of("contains", "indexOf", "remove");

  CountedProgram() {
    super(CountedProgram.class.getClassLoader());
  }

  /** Runs a command, and returns the number of steps. */
  long steps(Object... arguments) throws ReflectiveOperationException {
    StringWriter err = new StringWriter();
    String[] all = Stream.of(arguments).map(Object::toString).toArray(String[]::new);
    Method run =
        loadClass(Main.class.getName())
            .getMethod("run", String[].class, PrintWriter.class, PrintWriter.class);
    long before = Work.steps();
    Object status =
        run.invoke(null, all, new PrintWriter(new StringWriter()), new PrintWriter(err));
    assertThat(status).as(err.toString()).isEqualTo(Main.DONE);
    return Work.steps() - before;
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    synchronized (getClassLoadingLock(name)) {
      Class<?> known = findLoadedClass(name);
      return known != null
          ? known
          : isOfProgram(name) ? counted(name) : getParent().loadClass(name);
    }
  }

  /** The tests' own classes are in another place. */
  private boolean isOfProgram(String name) {
    URL file = getParent().getResource(fileOf(name));
    CodeSource program = Main.class.getProtectionDomain().getCodeSource();
    return file != null && file.toString().startsWith(program.getLocation().toString());
  }

  private static boolean isCounted(String name) {
    return !name.startsWith(Tshark.class.getPackageName())
        && !name.equals(Printable.class.getName());
  }

  private static String fileOf(String name) {
    return name.replace('.', '/') + ".class";
  }

  private Class<?> counted(String name) throws ClassNotFoundException {
    try (InputStream file = getParent().getResourceAsStream(fileOf(name))) {
      ClassReader reader = new ClassReader(file);
      ClassWriter writer = new ClassWriter(reader, ClassWriter.COMPUTE_MAXS);
      reader.accept(isCounted(name) ? new Counting(writer) : writer, 0);
      byte[] bytes = writer.toByteArray();
      return defineClass(name, bytes, 0, bytes.length, Main.class.getProtectionDomain());
    } catch (IOException e) {
      throw new ClassNotFoundException(name, e);
    }
  }

  private static final class Counting extends ClassVisitor {
    Counting(ClassWriter writer) {
      super(Opcodes.ASM9, writer);
    }

    @Override
    public MethodVisitor visitMethod(
        int access, String name, String type, String signature, String[] exceptions) {
      return new Steps(super.visitMethod(access, name, type, signature, exceptions));
    }
  }

  /** None of the calls changes the stack, so the frames of the method remain valid. */
  private static final class Steps extends MethodVisitor {
    private final Set<Label> passed = new HashSet<>();

    Steps(MethodVisitor method) {
      super(Opcodes.ASM9, method);
    }

    @Override
    public void visitCode() {
      super.visitCode();
      step();
    }

    @Override
    public void visitLabel(Label label) {
      passed.add(label);
      super.visitLabel(label);
    }

    @Override
    public void visitJumpInsn(int opcode, Label label) {
      if (passed.contains(label)) {
        step();
      }
      super.visitJumpInsn(opcode, label);
    }

    @Override
    public void visitMethodInsn(
        int opcode, String owner, String name, String type, boolean isInterface) {
      int arguments = Type.getArgumentTypes(type).length;
      if (owner.startsWith("java/util/") && arguments == 1) {
        if (name.equals("copyOf") || type.equals("(Ljava/util/Collection;)V")) {
          super.visitInsn(Opcodes.DUP);
          walk();
        } else if (SEARCHES.contains(name) && owner.endsWith("List")) {
          super.visitInsn(Opcodes.DUP2);
          super.visitInsn(Opcodes.POP);
          walk();
        }
      }
      super.visitMethodInsn(opcode, owner, name, type, isInterface);
    }

    private void step() {
      super.visitMethodInsn(Opcodes.INVOKESTATIC, WORK, "step", "()V", false);
    }

    private void walk() {
      super.visitMethodInsn(Opcodes.INVOKESTATIC, WORK, "walk", "(Ljava/lang/Object;)V", false);
    }
  }
}
