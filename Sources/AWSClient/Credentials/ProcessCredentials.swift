/// What a profile's `credential_process` prints.
///
/// Rules: "Process credential provider" in the AWS SDKs and Tools Reference Guide. The program is
/// started without a shell, and nothing that it prints to its output gets into an error.
struct ProcessCredentials: CredentialsProvider {
  /// Time enough for somebody to confirm a sign-on.
  static let seconds = 60.0

  private let words: [String]
  private let place: String
  private let effects: CredentialsEffects

  /// `nil` without `credential_process`; throws `configuration` where its quotes do not match.
  init?(_ profile: Profile, _ effects: CredentialsEffects) throws(AWSError) {
    guard let setting = profile["credential_process"] else { return nil }
    guard let words = CommandWords.split(setting.value), !words.isEmpty else {
      throw .configuration(
        place: setting.place, reason: "credential_process has a quote without its end")
    }
    self.words = words
    place = setting.place
    self.effects = effects
  }

  func credentials() async throws(AWSError) -> Credentials {
    // Arguments may be secret; the program's name is not.
    let program = "credential_process \(words[0])"
    let result: ProgramResult
    do throws(ProgramFailure) {
      result = try await effects.run(words, Self.seconds)
    } catch {
      switch error {
      case .notStarted(let reason):
        throw refusal("\(program) did not start: \(reason)")
      case .timedOut:
        throw refusal("\(program) did not end within \(Int(Self.seconds)) s")
      }
    }
    guard result.status == 0 else {
      let words = CommandWords.withoutSecrets(result.errors)
      throw refusal(
        "\(program) ended with status \(result.status)" + (words.isEmpty ? "" : ": \(words)"))
    }
    let answer = try Credentials.object(result.output, place: place, source: program)
    guard answer["Version"]?.integer == 1 else {
      throw refusal("\(program) answered without \"Version\": 1")
    }
    let credentials = try Credentials(
      json: result.output, place: place, source: program, token: "SessionToken")
    if let expiration = credentials.expiration, expiration <= effects.clock.now() {
      throw refusal("\(program) answered with credentials that have expired")
    }
    return credentials
  }

  private func refusal(_ reason: String) -> AWSError {
    .configuration(place: place, reason: reason)
  }
}
