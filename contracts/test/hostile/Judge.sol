// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice A panel without members or bonds: it takes cases, or refuses them, and calls back what it was told to.
contract Judge {
    enum Mood {
        Takes,
        Refuses,
        BurnsGas,
        AnswersLong,
        CallsBack
    }

    Mood private _mood;
    address private _target;
    bytes private _call;
    uint256 public reentered; // calls back that succeeded
    bytes32 public tradeId; // of the last case
    address public payer;

    function be(Mood mood) external {
        _mood = mood;
    }

    function reenter(address target, bytes calldata data) external {
        (_target, _call, _mood) = (target, data, Mood.CallsBack);
    }

    function run(address to, bytes calldata data) external {
        (bool ok, bytes memory why) = to.call(data);
        if (ok) return;
        assembly {
            revert(add(why, 32), mload(why))
        }
    }

    function open(bytes32 tradeId_, address, address, address payer_, uint64) external payable {
        require(_mood != Mood.Refuses, "no");
        if (_mood == Mood.BurnsGas) {
            assembly {
                invalid()
            }
        }
        (tradeId, payer) = (tradeId_, payer_);
        if (_mood == Mood.AnswersLong) {
            assembly {
                return(0, 100000)
            }
        }
        if (_mood != Mood.CallsBack) return;
        (bool ok,) = _target.call(_call);
        if (ok) ++reentered;
    }
}
