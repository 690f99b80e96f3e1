import Document
import TrueupCore

/// A notice as a Slack message: a text for notifications, and Block Kit for the channel.
///
/// Source: Slack, "Block Kit: blocks" (50 blocks a message, 3,000 characters a text, 150 a header).
public enum SlackMessage {
  static let blockLimit = 50
  static let textLimit = 3000
  static let headerLimit = 150
  /// Slack cuts messages whose texts have more than 40,000 characters altogether.
  static let messageLimit = 30_000

  /// The body of a request to an incoming webhook, or to `chat.postMessage` but for the channel.
  public static func render(_ notice: Notice) -> Document {
    let text = NoticeText(notice)
    var blocks: [Document] = [
      [
        "type": "header",
        "text": [
          "type": "plain_text", "text": .string(SlackText.plain(text.title, limit: headerLimit)),
          "emoji": false,
        ],
      ]
    ]
    var length = 0
    var shown = 0
    for item in text.items {
      let section = section(item)
      // Two blocks are left for what was left out and for the footer.
      guard blocks.count < blockLimit - 2, length + section.utf16.count <= messageLimit else {
        break
      }
      blocks.append(["type": "section", "text": mrkdwn(section)])
      length += section.utf16.count
      shown += 1
    }
    if shown < text.items.count {
      blocks.append(context("… and \(text.items.count - shown) more, which had no room here"))
    }
    if let footer = text.footer { blocks.append(context(footer)) }
    return [
      "text": .string(SlackText.line(text.title, limit: textLimit)), "blocks": .list(blocks),
    ]
  }

  private static func section(_ item: NoticeText.Item) -> String {
    let title = SlackText.line(item.title, limit: 600)
    let note = item.note.map { "\n" + SlackText.line($0, limit: 600) } ?? ""
    guard !item.details.isEmpty else { return "*\(title)*\(note)" }
    let room = textLimit - title.utf16.count - note.utf16.count - 3
    return "*\(title)*\n" + SlackText.block(item.details, limit: room) + note
  }

  private static func context(_ text: String) -> Document {
    [
      "type": "context", "elements": [mrkdwn(SlackText.line(text, limit: textLimit))],
    ]
  }

  private static func mrkdwn(_ text: String) -> Document {
    ["type": "mrkdwn", "text": .string(text), "verbatim": true]
  }
}
