// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";

/// @notice A contract that signs all (ERC-1271) and that, when it is paid, refuses, or calls back what it was told to, as deep as its gas lets it.
contract Receiver {
    bool public refuses;
    address private _target;
    bytes private _call;
    uint256 public reentered; // calls back that succeeded

    receive() external payable {
        require(!refuses, "no");
        if (_target != address(0)) {
            (bool ok,) = _target.call(_call);
            if (ok) ++reentered;
        }
    }

    function refuse(bool now_) external {
        refuses = now_;
    }

    function reenter(address target, bytes calldata data) external {
        (_target, _call) = (target, data);
    }

    function run(address to, uint256 valueWei, bytes calldata data) external payable returns (bytes memory answer) {
        bool ok;
        (ok, answer) = to.call{value: valueWei}(data);
        require(ok, "run");
    }

    function isValidSignature(bytes32, bytes calldata) external pure returns (bytes4) {
        return IERC1271.isValidSignature.selector;
    }
}
