import AWSClient
import DesiredState
import Document
import Engine
import Journal
import Reports
import TrueupCore

/// A command ended early: what to say, and the exit code.
struct EarlyEnd: Error {
  var message: String
  var status: ExitStatus = .error
  /// What the desired state was found wrong for, where that is the reason.
  var diagnostics: [Diagnostic] = []
}

/// Carries out a command that needs files, the journal or AWS.
struct CommandRunner: Sendable {
  let terminal: Terminal
  let environment: [String: String]

  func run(_ invocation: Invocation) async -> ExitStatus {
    do {
      switch invocation.command {
      case .validate: return try await validate(invocation)
      case .plan, .drift: return try await plan(invocation)
      case .apply: return try await apply(invocation)
      case .reconcile: return try await reconcile(invocation)
      case .deploy: return try await deploy(invocation)
      case .approve: return try await answer(.approve, invocation)
      case .rollback: return try await answer(.rollback, invocation)
      case .status: return try status(invocation)
      case .destroy: return try await destroy(invocation)
      case .outputs: return try await outputs(invocation)
      case .history: return try history(invocation)
      case .snapshot: return try await snapshot(invocation)
      case .diff: return try diff(invocation)
      case .compile: return try await compile(invocation)
      case .onboard: return try onboard(invocation)
      case .offboard: return try offboard(invocation)
      case .adopt: return try await adopt(invocation)
      case .explain: return try explain(invocation)
      case .schema: return try schema(invocation)
      case .completion: return try completion(invocation)
      case .kinds, .version: return .done
      }
    } catch let failure as EarlyEnd {
      let isBlock = failure.message.hasSuffix("\n")
      terminal.writeError(isBlock ? failure.message : "trueup: \(failure.message)\n")
      return failure.status
    } catch let error as EngineError {
      terminal.writeError("trueup: \(error.message)\n")
      switch error {
      case .refused, .declined: return .refused
      default: break
      }
    } catch let error as JournalError {
      terminal.writeError("trueup: \(error.description)\n")
    } catch let error as DesiredStateError {
      terminal.writeError("trueup: \(error.description)\n")
    } catch let error as AWSError {
      terminal.writeError("trueup: \(error.message)\n")
    } catch {
      terminal.writeError("trueup: \(error)\n")
    }
    return .error
  }

  /// The desired state; AWS is asked only for facts that conditions hang on.
  func load(_ invocation: Invocation) async throws -> LoadedState {
    let state = try await LoadedState.load(invocation, style: terminal.style) { facts, accounts in
      try await self.facts(facts, accounts: accounts, invocation: invocation)
    }
    if !state.heldBack.isEmpty {
      terminal.writeError(HeldBackText.render(state.heldBack, style: terminal.style))
    }
    return state
  }

  /// What AWS tells of facts.
  func facts(_ facts: Set<Fact>, accounts: [FleetAccount], invocation: Invocation) async throws
    -> [Fact: Document]
  {
    let cloud = try AWSCloud.connect(
      accounts: accounts, environment: environment, connections: 16,
      trace: try TraceFile(invocation))
    return await FactReader(cloud: cloud).values(of: facts)
  }
}
