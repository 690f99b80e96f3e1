import CCurl

/// What other threads hand to the transport's thread, and what wakes that thread up.
///
/// `@unchecked`: the multi handle is a raw pointer. Other threads only pass it to `curl_multi_wakeup`,
/// the one call that libcurl allows them, and only while the mailbox is open; all else happens on the
/// transport's thread.
final class CurlMailbox: @unchecked Sendable {
  enum Letter: Sendable {
    case start(CurlTransfer)
    case cancel(Int)
  }

  private struct State {
    var letters: [Letter] = []
    var isOpen = true
    var lastID = 0
  }

  /// `nil` only where libcurl could not start for lack of memory: then the mailbox is closed.
  let multi: UnsafeMutableRawPointer?
  private let state: Locked<State>

  /// `curl_global_init` once, before the first handle; it is thread-safe from 7.84 on.
  private static let globalResult = curl_global_init(Int(CURL_GLOBAL_DEFAULT))

  init() {
    let multi = Self.globalResult == CURLE_OK ? curl_multi_init() : nil
    self.multi = multi
    state = Locked(State(isOpen: multi != nil))
  }

  func nextID() -> Int {
    state.access { state in
      state.lastID += 1
      return state.lastID
    }
  }

  /// Whether the letter will be read: `false` once the mailbox is closed.
  func post(_ letter: Letter) -> Bool {
    state.access { state in
      guard state.isOpen else { return false }
      state.letters.append(letter)
      wake()
      return true
    }
  }

  func close() {
    state.access { state in
      guard state.isOpen else { return }
      state.isOpen = false
      wake()
    }
  }

  /// All letters since the last time, and whether more may come.
  func take() -> (letters: [Letter], isOpen: Bool) {
    state.access { state in
      defer { state.letters = [] }
      return (state.letters, state.isOpen)
    }
  }

  /// With the lock held, so that the thread cannot have released the handle.
  private func wake() {
    if let multi { curl_multi_wakeup(multi) }
  }
}
