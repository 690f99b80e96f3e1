/// Why a text could not be read, and where: one human sentence, without the file's name (the
/// caller knows it).
public struct ReadingError: Error, Hashable, Sendable, CustomStringConvertible {
  public var position: Position
  public var message: String

  public init(position: Position, message: String) {
    self.position = position
    self.message = message
  }

  public var description: String { "\(position): \(message)" }
}

/// What a reader takes at most, so that hostile input costs neither memory nor stack.
public struct ReadingLimits: Hashable, Sendable {
  /// How many lists, objects or elements may stand inside one another.
  public var depth: Int
  /// The size of the whole text in bytes.
  public var size: Int

  public init(depth: Int = 128, size: Int = 64 << 20) {
    self.depth = depth
    self.size = size
  }

  public static let `default` = ReadingLimits()
}

extension Position: CustomStringConvertible {
  /// As compilers print it: `line:column`.
  public var description: String { "\(line):\(column)" }
}
