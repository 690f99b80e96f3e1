// TrueupCore
