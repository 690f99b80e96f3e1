extension EveryPropertyTests {
  func testTopics() throws { try assertConverges(EveryProperty.topics) }

  func testQueues() throws { try assertConverges(EveryProperty.queues) }
}

extension EveryPropertyResetTests {
  func testTopics() throws {
    try assertReset(EveryProperty.topics, ["Topic", "Ordered", "ToQueue", "ToStream"])
  }

  func testQueues() throws {
    try assertReset(EveryProperty.queues, ["Queue", "Dead", "Ordered"])
  }
}
