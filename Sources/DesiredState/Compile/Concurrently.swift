import Dispatch

/// Work on many things at once, on as many processors as there are.
enum Concurrently {
  /// The results in the order of the elements, whenever each was done. The work must not touch what the
  /// work on another element changes.
  static func map<Element, Result>(
    _ elements: [Element], _ work: (Element) -> Result
  ) -> [Result] {
    guard elements.count > 1 else { return elements.map(work) }
    return Array(unsafeUninitializedCapacity: elements.count) { buffer, count in
      guard let start = buffer.baseAddress else { return }
      // Each element is read, and each result written, by one thread alone.
      nonisolated(unsafe) let (elements, work, results) = (elements, work, start)
      DispatchQueue.concurrentPerform(iterations: elements.count) { index in
        (results + index).initialize(to: work(elements[index]))
      }
      count = elements.count
    }
  }
}
