// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Factory
/// @notice Makes contracts at addresses that say what they were made of (CREATE2): whoever knows the code knows the address.
/// @dev Takes what the deterministic deployment proxy at 0x4e59b44847b379578588920cA78FbF26c0B4956C takes, and stands in
/// for it on a chain that lacks it. It has no owner and keeps nothing.
contract Factory {
    /// @notice Nothing was made: it stands there already, the constructor failed, or the call is shorter than a salt.
    error NotMade();

    // solhint-disable no-complex-fallback
    /// @notice Makes a contract.
    /// @param input 32 bytes of salt, then creation code with its constructor's arguments.
    /// @return The 20 bytes of the new contract's address.
    fallback(bytes calldata input) external returns (bytes memory) {
        if (input.length < 32) revert NotMade();
        bytes32 salt = bytes32(input[:32]);
        bytes memory code = input[32:];
        address made;
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            made := create2(0, add(code, 32), mload(code), salt)
        }
        if (made == address(0)) revert NotMade();
        return abi.encodePacked(made);
    }
}
