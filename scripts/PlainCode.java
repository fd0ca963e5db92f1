import java.io.IOException;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassElement;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.MethodModel;
import java.lang.classfile.MethodTransform;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.DynamicCallSiteDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Rewrites compiled classes in place so that they need no code which the JVM would have to generate
 * at each start: {@code PlainCode DIR}. For a switch over types and for what a record inherits javac
 * only leaves a request to do so (invokedynamic), and an AOT cache of JDK 25 does not keep the
 * answers. Each becomes a private method that does the same. A class without such requests stays
 * as it is, so that a second run changes nothing.
 */
class PlainCode {
  private static final ClassDesc OBJECTS = ClassDesc.of("java.util.Objects");
  private static final int FLAGS =
      ClassFile.ACC_PRIVATE | ClassFile.ACC_STATIC | ClassFile.ACC_SYNTHETIC;

  /** The most that one string concatenation takes, by StringConcatFactory. */
  private static final int MOST_PARTS = 200;

  private final ClassModel original;
  private int made;

  private PlainCode(ClassModel original) {
    this.original = original;
  }

  public static void main(String[] args) throws IOException {
    try (var files = Files.walk(Path.of(args[0]))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".class")).toList()) {
        rewrite(file);
      }
    } catch (IllegalArgumentException unknown) {
      System.err.println("PlainCode: " + unknown.getMessage());
      System.exit(1);
    }
  }

  private static void rewrite(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    // Much quicker than to parse them all.
    String names = new String(bytes, StandardCharsets.ISO_8859_1);
    if (names.contains("java/lang/runtime/SwitchBootstraps")
        || names.contains("java/lang/runtime/ObjectMethods")) {
      // A build that is stopped here must not leave half a class, which no compiler would mend.
      Path whole = file.resolveSibling(file.getFileName() + ".new");
      Files.write(whole, new PlainCode(ClassFile.of().parse(bytes)).rewritten());
      Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private byte[] rewritten() {
    return ClassFile.of(ClassFile.ConstantPoolSharingOption.NEW_POOL)
        .build(
            original.thisClass().asSymbol(),
            target -> {
              for (ClassElement element : original) {
                if (element instanceof MethodModel method) {
                  rewrite(method, target);
                } else {
                  target.with(element);
                }
              }
            });
  }

  private void rewrite(MethodModel method, ClassBuilder target) {
    target.transformMethod(
        method,
        MethodTransform.transformingCode(
            (code, element) -> {
              if (element instanceof InvokeDynamicInstruction call && isGenerated(call)) {
                code.invokestatic(
                    original.thisClass().asSymbol(),
                    replacement(call, target),
                    call.typeSymbol(),
                    original.flags().has(AccessFlag.INTERFACE));
              } else {
                code.with(element);
              }
            }));
  }

  private static boolean isGenerated(InvokeDynamicInstruction call) {
    String by = call.bootstrapMethod().owner().descriptorString();
    return by.startsWith("Ljava/lang/runtime/");
  }

  /** Writes the method; its name. */
  private String replacement(InvokeDynamicInstruction call, ClassBuilder target) {
    DirectMethodHandleDesc by = call.bootstrapMethod();
    String name = "plain$" + call.name().stringValue() + "$" + made++;
    target.withMethodBody(
        name,
        call.typeSymbol(),
        FLAGS,
        code -> {
          switch (by.owner().displayName() + " " + by.methodName()) {
            case "SwitchBootstraps typeSwitch" -> typeSwitch(code, call.bootstrapArgs());
            case "ObjectMethods bootstrap" -> recordMethod(code, call);
            default ->
                throw new IllegalArgumentException(
                    "%s has code by %s, which is not known yet; teach it to scripts/PlainCode.java"
                        .formatted(where(), by));
          }
        });
    return name;
  }

  private String where() {
    return original.thisClass().asInternalName();
  }

  /** (selected, from): the number of the first label from there on that fits; null is -1. */
  private void typeSwitch(CodeBuilder code, List<ConstantDesc> labels) {
    Label notNull = code.newLabel();
    code.aload(0).ifnonnull(notNull).iconst_m1().ireturn().labelBinding(notNull);
    for (int i = 0; i < labels.size(); i++) {
      if (!(labels.get(i) instanceof ClassDesc type)) {
        throw new IllegalArgumentException(
            "%s has a switch over types with the label %s, which is no type; teach it to scripts/PlainCode.java or write an if"
                .formatted(where(), labels.get(i)));
      }
      Label next = code.newLabel();
      code.iload(1).loadConstant(i).if_icmpgt(next);
      code.aload(0).instanceOf(type).ifeq(next);
      code.loadConstant(i).ireturn().labelBinding(next);
    }
    code.loadConstant(labels.size()).ireturn();
  }

  private void recordMethod(CodeBuilder code, InvokeDynamicInstruction call) {
    // The record, its components' names, a getter of each.
    List<DirectMethodHandleDesc> fields =
        call.bootstrapArgs().stream().skip(2).map(DirectMethodHandleDesc.class::cast).toList();
    switch (call.name().stringValue()) {
      case "equals" -> equals(code, fields);
      case "hashCode" -> hashCode(code, fields);
      case "toString" -> toString(code, fields);
      default -> throw new IllegalArgumentException(where() + " has an unknown " + call.name());
    }
  }

  private void equals(CodeBuilder code, List<DirectMethodHandleDesc> fields) {
    ClassDesc record = original.thisClass().asSymbol();
    Label same = code.newLabel();
    Label different = code.newLabel();
    code.aload(0).aload(1).if_acmpeq(same);
    code.aload(1).instanceOf(record).ifeq(different);
    code.aload(1).checkcast(record).astore(2);
    for (DirectMethodHandleDesc field : fields) {
      ClassDesc type = get(code, 0, field);
      get(code, 2, field);
      if (type.isPrimitive()) {
        // As ObjectMethods does: NaN equals itself, and 0.0 is not -0.0.
        ClassDesc box = box(type);
        code.invokestatic(
            box, "compare", MethodTypeDesc.of(ConstantDescs.CD_int, type, type));
        code.ifne(different);
      } else {
        code.invokestatic(
            OBJECTS,
            "equals",
            MethodTypeDesc.of(
                ConstantDescs.CD_boolean, ConstantDescs.CD_Object, ConstantDescs.CD_Object));
        code.ifeq(different);
      }
    }
    code.labelBinding(same).iconst_1().ireturn();
    code.labelBinding(different).iconst_0().ireturn();
  }

  private void hashCode(CodeBuilder code, List<DirectMethodHandleDesc> fields) {
    code.iconst_0();
    for (DirectMethodHandleDesc field : fields) {
      code.loadConstant(31).imul();
      ClassDesc type = get(code, 0, field);
      boolean primitive = type.isPrimitive();
      code.invokestatic(
          primitive ? box(type) : OBJECTS,
          "hashCode",
          MethodTypeDesc.of(ConstantDescs.CD_int, primitive ? type : ConstantDescs.CD_Object));
      code.iadd();
    }
    code.ireturn();
  }

  private void toString(CodeBuilder code, List<DirectMethodHandleDesc> fields) {
    // Outer$Inner, Outer$1Local
    String name = original.thisClass().asSymbol().displayName().replaceFirst("^.*\\$\\d*", "");
    String recipe =
        fields.stream()
            .map(field -> field.methodName() + "=\1")
            .collect(Collectors.joining(", ", name + "[", "]"));
    if (fields.size() > MOST_PARTS) {
      throw new IllegalArgumentException(where() + " has too many components for one text");
    }
    List<ClassDesc> types = fields.stream().map(field -> get(code, 0, field)).toList();
    if (fields.isEmpty()) {
      code.loadConstant(recipe).areturn();
      return;
    }
    code.invokedynamic(
            DynamicCallSiteDesc.of(
                ConstantDescs.ofCallsiteBootstrap(
                    ClassDesc.of("java.lang.invoke.StringConcatFactory"),
                    "makeConcatWithConstants",
                    ConstantDescs.CD_CallSite,
                    ConstantDescs.CD_String,
                    ConstantDescs.CD_Object.arrayType()),
                "makeConcatWithConstants",
                MethodTypeDesc.of(ConstantDescs.CD_String, types),
                recipe))
        .areturn();
  }

  /** Loads a component; its type. */
  private ClassDesc get(CodeBuilder code, int variable, DirectMethodHandleDesc field) {
    ClassDesc type = field.invocationType().returnType();
    code.aload(variable).getfield(original.thisClass().asSymbol(), field.methodName(), type);
    return type;
  }

  private static ClassDesc box(ClassDesc primitive) {
    return switch (TypeKind.from(primitive)) {
      case BOOLEAN -> ConstantDescs.CD_Boolean;
      case BYTE -> ConstantDescs.CD_Byte;
      case CHAR -> ConstantDescs.CD_Character;
      case SHORT -> ConstantDescs.CD_Short;
      case INT -> ConstantDescs.CD_Integer;
      case LONG -> ConstantDescs.CD_Long;
      case FLOAT -> ConstantDescs.CD_Float;
      case DOUBLE -> ConstantDescs.CD_Double;
      case VOID, REFERENCE -> throw new IllegalArgumentException(primitive + " is no component");
    };
  }
}
