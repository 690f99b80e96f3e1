import TrueupCore

/// A region as people write it.
enum RegionName {
  /// What is wrong with it; a doubt where AWS may have a new one since this was written.
  static func problem(_ text: String) -> (message: String, isDoubt: Bool)? {
    guard !Region.known.contains(text) else { return nil }
    let suggestion = Spelling.suggestion(for: text, among: Region.known)
    guard Partition.isRegion(text) else {
      return ("\(text.quoted) is no region such as us-east-1\(suggestion)", false)
    }
    // New regions come with new numbers and countries, and never with a new point of the compass.
    let words = text.split(separator: "-").map(String.init)
    let isCompass = words.dropFirst().dropLast().contains { Region.directions.contains($0) }
    let isSwapped = Region.areas.contains {
      $0 != words[0] && $0.sorted() == words[0].sorted() && !Region.areas.contains(words[0])
    }
    if !isCompass || isSwapped {
      return ("AWS has no region \(text.quoted)\(suggestion)", false)
    }
    return ("region \(text.quoted) is not known\(suggestion)", true)
  }
}
