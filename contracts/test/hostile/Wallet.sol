// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";

/// @notice A contract that signs (ERC-1271), and lies as its owner likes. It takes no money.
contract Wallet is IERC1271 {
    enum Mood {
        Refuses,
        Reverts,
        AnswersShort,
        AnswersDirty,
        AnswersOne,
        AnswersNothing,
        Honest
    }

    Mood private _mood;

    function be(Mood mood) external {
        _mood = mood;
    }

    function run(address to, bytes calldata data) external returns (bytes memory) {
        (bool ok, bytes memory answer) = to.call(data);
        require(ok, "run");
        return answer;
    }

    function isValidSignature(bytes32, bytes calldata) external view returns (bytes4) {
        bytes4 magic = IERC1271.isValidSignature.selector;
        Mood mood = _mood;
        if (mood == Mood.Refuses) return 0xffffffff;
        require(mood != Mood.Reverts, "no");
        if (mood == Mood.Honest) return magic;
        // The rest answers what the ABI does not allow.
        assembly {
            switch mood
            case 2 {
                mstore(0, magic)
                return(0, 4)
            }
            case 3 {
                mstore(0, or(magic, 1))
                return(0, 32)
            }
            case 4 {
                mstore(0, 1)
                return(0, 32)
            }
            default { return(0, 0) }
        }
    }
}
