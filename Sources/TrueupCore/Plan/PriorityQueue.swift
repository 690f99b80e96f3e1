/// A queue that gives the least of its elements first: a binary heap.
struct PriorityQueue<Element: Comparable> {
  /// No element is less than the one at half its index.
  private var elements: [Element] = []

  init(_ elements: some Sequence<Element>) {
    for element in elements { insert(element) }
  }

  var isEmpty: Bool { elements.isEmpty }

  /// What waits, in no order.
  var unordered: [Element] { elements }

  mutating func insert(_ element: Element) {
    elements.append(element)
    var index = elements.count - 1
    while index > 0, elements[index] < elements[(index - 1) / 2] {
      elements.swapAt(index, (index - 1) / 2)
      index = (index - 1) / 2
    }
  }

  mutating func popFirst() -> Element? {
    guard let first = elements.first, let last = elements.popLast() else { return nil }
    guard !elements.isEmpty else { return first }
    elements[0] = last
    var index = 0
    while true {
      var child = 2 * index + 1
      if child + 1 < elements.count, elements[child + 1] < elements[child] { child += 1 }
      guard child < elements.count, elements[child] < elements[index] else { return first }
      elements.swapAt(child, index)
      index = child
    }
  }
}

extension PriorityQueue: Sendable where Element: Sendable {}
