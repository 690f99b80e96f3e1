/// How text for people is dressed. The caller decides: colour only on a terminal and not with
/// `NO_COLOR` (https://no-color.org).
public struct TextStyle: Hashable, Sendable {
  public var color: Bool
  /// Columns of the terminal; `nil` where there is none.
  public var width: Int?
  /// What is new is shown with all that it will hold.
  public var showsContents: Bool
  /// Values, lists and stacks in full; nothing is shortened, counted or told once for many.
  public var isFull: Bool

  public init(
    color: Bool = false, width: Int? = nil, showsContents: Bool = false, isFull: Bool = false
  ) {
    self.color = color
    self.width = width
    self.showsContents = showsContents || isFull
    self.isFull = isFull
  }

  /// No colour, no known width: files and pipes.
  public static let plain = TextStyle()

  /// SGR parameters of ECMA-48.
  enum Paint: Int {
    case bold = 1
    case dim = 2
    case red = 31
    case green = 32
    case yellow = 33
    case magenta = 35
    case cyan = 36
  }

  func paint(_ text: String, _ paint: Paint) -> String {
    color && !text.isEmpty ? "\u{1B}[\(paint.rawValue)m\(text)\u{1B}[0m" : text
  }

  /// More than anything takes, with room for arithmetic.
  static let noLimit = 1 << 30

  /// Columns that one value may take before its middle is left out.
  var valueLimit: Int { isFull ? Self.noLimit : width.map { max(24, ($0 - 40) / 2) } ?? 60 }
}
