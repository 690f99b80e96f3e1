import Document
import Foundation

/// What Slack refuses in a message, by its documented limits.
///
/// Sources: https://docs.slack.dev/reference/block-kit/blocks (blocks, header, section, context),
/// https://docs.slack.dev/messaging/formatting-message-text (escaping) and
/// https://docs.slack.dev/reference/methods/chat.postMessage (text).
enum BlockKit {
  /// One sentence for each violation.
  static func violations(_ message: Document) -> [String] {
    var found: [String] = []
    let text = message["text"]?.string ?? ""
    if text.isEmpty || text.utf16.count > 40_000 { found.append("text has \(text.utf16.count)") }
    found += unescaped(text, "text")
    let blocks = message["blocks"]?.list ?? []
    if !(1...50).contains(blocks.count) { found.append("there are \(blocks.count) blocks") }
    for (index, block) in blocks.enumerated() {
      let place = "block \(index)"
      switch block["type"]?.string {
      case "header":
        found += check(block["text"], place, type: "plain_text", limit: 150)
      case "section":
        found += check(block["text"], place, type: "mrkdwn", limit: 3000)
      case "context":
        let elements = block["elements"]?.list ?? []
        if !(1...10).contains(elements.count) { found.append("\(place) has \(elements.count)") }
        for element in elements { found += check(element, place, type: "mrkdwn", limit: 3000) }
      case let type:
        found.append("\(place) is a \(type ?? "thing without type")")
      }
    }
    return found
  }

  private static func check(
    _ object: Document?, _ place: String, type: String, limit: Int
  ) -> [String] {
    let text = object?["text"]?.string ?? ""
    var found: [String] = []
    if object?["type"]?.string != type { found.append("\(place) is not \(type)") }
    if !(1...limit).contains(text.utf16.count) {
      found.append("\(place) has \(text.utf16.count) characters")
    }
    if type == "mrkdwn" {
      found += unescaped(text, place)
      if (text.components(separatedBy: "```").count - 1) % 2 != 0 {
        found.append("\(place) leaves a code block open")
      }
    }
    return found
  }

  private static func unescaped(_ text: String, _ place: String) -> [String] {
    let rest = text.replacing("&amp;", with: "").replacing("&lt;", with: "")
      .replacing("&gt;", with: "")
    return rest.contains { "&<>".contains($0) } ? ["\(place) is not escaped: \(text)"] : []
  }
}
