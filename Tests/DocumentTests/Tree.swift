import Document

/// Our element under a name that FoundationXML does not have.
typealias Tree = XMLElement
