/// Why a test could not do its own part; the sentence is what the failing test shows.
struct HarnessError: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}
