package org.boinc.dockerwrapper;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** Everything for which javac leaves code to be generated; says what it does. */
class PlainCodeSample implements Callable<List<String>> {
  sealed interface Shape {
    record Point() implements Shape {}

    record Circle(double radius) implements Shape {}

    record Pair(Shape first, @Nullable Shape second) implements Shape {}

    record All(boolean a, byte b, char c, short d, int e, long f, float g, double h, List<String> i)
        implements Shape {}

    default String name() {
      return switch (this) {
        case Point _ -> "point";
        case Circle circle when circle.radius() > 10 -> "large circle";
        case Circle circle when circle.radius() > 5 -> "circle";
        case Circle _ -> "small circle";
        case Pair(Circle circle, Point()) -> circle.name() + " before point";
        case Pair(Shape first, Shape second) -> first.name() + " and " + second.name();
        case All all -> "all " + all.e();
      };
    }
  }

  enum Size {
    SMALL,
    LARGE
  }

  @Override
  public List<String> call() {
    record Local(@Nullable String text, int number) {}
    List<Object> values = new ArrayList<>();
    values.add("text");
    values.add(3);
    values.add(30);
    values.add(Size.LARGE);
    values.add(Thread.State.NEW);
    values.add(new Local(null, 1));
    values.add(new Local("a", -1));
    values.add(new Local("a", -1));
    values.addAll(shapes());
    List<String> said = new ArrayList<>();
    said.add(name(null));
    for (Object value : values) {
      said.add(name(value));
      said.add(value.toString().replaceFirst("@\\p{XDigit}+", "@"));
      for (Object other : values) {
        said.add(value.equals(other) + " " + (value.hashCode() == other.hashCode()));
      }
    }
    said.add(nullFails());
    return said;
  }

  private static List<Shape> shapes() {
    Shape point = new Shape.Point();
    return List.of(
        point,
        new Shape.Point(),
        new Shape.Circle(1),
        new Shape.Circle(7),
        new Shape.Circle(11),
        new Shape.Circle(0.0),
        new Shape.Circle(-0.0),
        new Shape.Circle(Double.NaN),
        new Shape.Circle(-Double.NaN),
        new Shape.Pair(new Shape.Circle(2), point),
        new Shape.Pair(point, point),
        new Shape.Pair(point, new Shape.Circle(6)),
        new Shape.All(true, (byte) 1, 'c', (short) 2, 3, 4, 5f, 6d, List.of()),
        new Shape.All(true, (byte) 1, 'c', (short) 2, 3, 4, -0f, 6d, List.of()),
        new Shape.All(
            false, (byte) -1, '\0', (short) -2, -3, 1L << 40, Float.NaN, 6d, List.of("i")));
  }

  private static String name(@Nullable Object value) {
    return switch (value) {
      case null -> "nothing";
      case Shape shape -> shape.name();
      case Integer number when number > 10 -> "large number";
      case Integer _ -> "number";
      case Size size -> "size " + size.name();
      case Enum<?> other -> "enum " + other;
      case CharSequence text -> "text of " + text.length();
      default -> "something";
    };
  }

  @SuppressWarnings("NullAway") // null is what is tried
  private static String nullFails() {
    Shape none = null;
    try {
      return switch (none) {
        case Shape.Point _, Shape.Circle _ -> "round";
        case Shape.Pair _, Shape.All _ -> "composed";
      };
    } catch (NullPointerException e) {
      return "null fails";
    }
  }
}
