/// In which form a command tells what it has found.
public enum ReportFormat: String, CaseIterable, Hashable, Sendable {
  case text, json, markdown, html, dot, mermaid
}
